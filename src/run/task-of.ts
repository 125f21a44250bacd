import type { AbsolutePath } from '../lib/brand.js';
import { sha256Of } from '../lib/checksum.js';
import { sharedJson } from '../lib/json.js';
import { statSize } from '../lib/stat-key.js';
import type { Recipe } from '../manifest/manifest.js';
import type { Change, Desired } from '../plan/action.js';
import { audioSeconds } from '../plan/audio-length.js';
import { recipeOf } from '../plan/sidecar.js';
import type { Task, TaskId } from '../task/task.js';

/** Bytes of FLAC that stand for a second of audio where the header does not tell the length. */
const BYTES_PER_SECOND = 100_000;
/** Bytes that are copied in the time that a second of audio takes to encode. */
const COPIED_BYTES_PER_SECOND = 20_000_000;

/** The task that carries out a change. `part` is filled in with each attempt. */
export function taskOf(change: Change, desired: Desired): Task {
  const { source, sidecar } = desired;
  const recipe = recipeOf(desired);
  const task = {
    source: { path: source.path, stat: source.stat },
    output: change.output,
    sidecar,
    ...folderPictureOf(desired),
    ...sidecarDetails(desired),
    ...reuseOf(change),
  };
  const id = taskId(task, recipe);
  return { id, ...task, part: '' as AbsolutePath, recipe, cost: costOf(desired) };
}

function folderPictureOf({ folderPicture }: Desired): Pick<Task, 'folderPicture'> {
  if (folderPicture === undefined) return {};
  const { path, stat } = folderPicture;
  return { folderPicture: { path, stat } };
}

function sidecarDetails({ shared, playlist }: Desired): Pick<Task, 'shared' | 'playlist'> {
  if (playlist === 'unread') throw new Error('a playlist is read before its task is made');
  return { ...(shared && { shared }), ...(playlist && { playlist }) };
}

/**
 * Where only tags have changed, the output that is there is copied and tagged anew; where a rename
 * cannot bring it to its new place, the one at its old place.
 */
function reuseOf({ action, output, entry }: Change): Pick<Task, 'reuse'> {
  if (entry === undefined || (action !== 'retag' && action !== 'move')) return {};
  const { sha256 } = entry.output;
  const path = action === 'move' ? entry.path : output;
  return { reuse: { path, sha256, audioId: entry.source.audioId, encoder: entry.encoder } };
}

/** Seconds of audio; for copies what they weigh against encoding. */
function costOf({ source, set, sidecar }: Desired): number {
  const size = statSize(source.stat);
  if (sidecar || set.profile.codec === 'copy') return size / COPIED_BYTES_PER_SECOND;
  return audioSeconds(source) || size / BYTES_PER_SECOND;
}

/** Equal in every run that wants the same made of the same: agents keep their work by it. */
function taskId(task: Omit<Task, 'id' | 'part' | 'recipe' | 'cost'>, recipe: Recipe): TaskId {
  const text = `${JSON.stringify(task)}\0${sharedJson(recipe)}`;
  return sha256Of(text).slice(0, 32) as TaskId;
}
