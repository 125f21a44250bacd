import { isAdopted, isToBeReplaced, UNKNOWN_ENCODER } from '../ledger/adopted.js';
import type { Entry, FailureRecord } from '../ledger/entry.js';
import { withoutPrefix } from '../lib/without-prefix.js';
import type { Policy } from '../manifest/manifest.js';
import type { Action, Change, Desired, Reason } from './action.js';
import type { AudioId } from '../sources/identity.js';
import type { DiskFact } from './disk-fact.js';
import { wantedTagId } from './folder-pictures.js';
import { audioReason, tagReason } from './identity-diff.js';
import { audioRecipeReasons, sameRecipe, tagRecipeReasons } from './recipe-diff.js';
import { isPlaylistRecipe, recipeOf } from './sidecar.js';

/** All that a decision about one wanted output rests on. */
export interface WantedCase {
  readonly desired: Desired;
  readonly entry: Entry | undefined;
  readonly disk: DiskFact;
  readonly failure: FailureRecord | undefined;
  readonly policy: Policy;
  /** The other sources or sets that want the same path, in words. */
  readonly rivals: readonly string[];
  /** An interrupted run finished this path: its row, if the file is that row's. */
  readonly staged: Entry | undefined;
  /** A row whose file is not needed where it stands and that this output takes over. */
  readonly heir: Entry | undefined;
  /** What the codec's program says of itself now; `undefined` when nobody asked. */
  readonly encoder: string | undefined;
  /** What stands there is one of the sources, by way of a link: it is never replaced. */
  readonly isSource: boolean;
  /** `--overwrite-unmanaged`: a file in the way that is not ours is replaced. */
  readonly overwrite: boolean;
  /** What is up to date is made again. */
  readonly force: boolean;
}

/** DESIGN section 6, the rows with `wanted: yes`; the first that matches gives the action. */
export function decideWanted(at: WantedCase): Change {
  const { desired, entry } = at;
  const { problem } = desired.source;
  if (problem !== undefined) {
    return change(at, {
      action: 'error',
      reasons: [{ code: 'source-unreadable', text: `source unreadable: ${problem.text}` }],
    });
  }
  if (at.rivals.length > 0) {
    const text = `also wanted by ${at.rivals.join(' and ')}`;
    return change(at, { action: 'conflict', reasons: [{ code: 'path-conflict', text }] });
  }
  const decided = entry === undefined ? decideNew(at) : decideRecorded(at, entry);
  const encodes = MAKES_FILE.has(decided.action);
  if (at.isSource && (encodes || decided.action === 'move'))
    return notManaged(at, 'a source itself stands there: a link leads to it');
  return encodes ? heedFailure(at, decided) : decided;
}

const MAKES_FILE: ReadonlySet<Action> = new Set(['create', 'update', 'repair', 'retag']);

function decideNew(at: WantedCase): Change {
  const { disk, staged, heir } = at;
  if (heir !== undefined) return move(at, heir);
  if (disk.kind === 'missing') {
    return change(at, {
      action: 'create',
      reasons: [{ code: 'no-output', text: 'no output yet' }],
    });
  }
  if (disk.kind === 'other') return notManaged(at, `${disk.text} stands in the way`);
  if (staged !== undefined && disk.sha256 === staged.output.sha256) {
    const text = `finished by interrupted run ${staged.made.run}`;
    return change(at, {
      action: 'adopt',
      reasons: [{ code: 'finished-by-interrupted-run', text }],
      entry: staged,
    });
  }
  if (at.overwrite) {
    const text = 'replaces a file that is not managed (--overwrite-unmanaged)';
    return change(at, { action: 'create', reasons: [{ code: 'not-managed', text }] });
  }
  return notManaged(
    at,
    'exists but is not managed: "flac2all adopt" takes it over, --overwrite-unmanaged replaces it',
  );
}

/** A damaged row is as good as any where the file is the one that it tells of. */
function decideRecorded(at: WantedCase, entry: Entry): Change {
  const { disk } = at;
  if (entry.unverified !== true) return decideKnown(at, entry);
  if (disk.kind !== 'file' || disk.sha256 !== entry.output.sha256) return decideNew(at);
  const text = 'its ledger row was damaged; the checksum matches';
  return withBaseline(at, entry, { code: 'ledger-row-unverified', text });
}

/** Adopts the file as what the row tells of, and does at once what else there is to do. */
function withBaseline(at: WantedCase, entry: Entry, reason: Reason): Change {
  const decided = decideKnown({ ...at, entry }, entry);
  const stays = decided.action === 'noop' || decided.action === 'touch';
  const others = stays ? [] : decided.reasons;
  const action = stays ? 'adopt' : decided.action;
  return change(at, { action, reasons: [reason, ...others], entry: decided.entry });
}

function notManaged(at: WantedCase, text: string): Change {
  return change(at, { action: 'conflict', reasons: [{ code: 'not-managed', text }] });
}

function move(at: WantedCase, heir: Entry): Change {
  const reasons = [moveReason(at, heir), ...audioReasons(at, heir), ...tagReasons(at, heir)];
  return change(at, { action: 'move', reasons, entry: heir });
}

function moveReason(at: WantedCase, heir: Entry): Reason {
  const { source, output, set } = at.desired;
  const root = source.path.slice(0, source.path.length - source.rel.length);
  const renamed = heir.source.path !== source.path;
  const old = renamed ? below(root, heir.source.path) : below(`${set.root}/`, heir.path);
  const now = renamed ? source.rel : below(`${set.root}/`, output);
  const code = renamed ? 'source-renamed' : 'layout-changed';
  const what = renamed ? 'source renamed' : 'layout changed';
  return { code, text: `${what}: ${old} -> ${now}`, old, new: now };
}

/** Short where that is clear: relative to the folder that both are in. */
function below(folder: string, path: string): string {
  return path.startsWith(folder) ? path.slice(folder.length) : path;
}

function decideKnown(at: WantedCase, entry: Entry): Change {
  const { disk, heir } = at;
  if (heir !== undefined) return move(at, heir);
  const audio = audioReasons(at, entry);
  const tags = tagReasons(at, entry);
  if (disk.kind === 'missing') {
    const missing: Reason = { code: 'output-missing', text: 'output missing' };
    return change(at, { action: 'create', reasons: [missing, ...audio, ...tags] });
  }
  const touched = disk.kind === 'file' && disk.stat !== entry.output.stat;
  if (disk.kind === 'other' || (touched && disk.sha256 !== entry.output.sha256)) {
    return decideDrift(at, entry, [...audio, ...tags]);
  }
  if (audio.length > 0) return change(at, { action: 'update', reasons: [...audio, ...tags] });
  if (tags.length > 0) return change(at, { action: 'retag', reasons: tags });
  const touches = touchReasons(at, entry, touched);
  if (touches.length > 0) return change(at, { action: 'touch', reasons: touches });
  return change(at, { action: 'noop', reasons: [{ code: 'up-to-date', text: 'up to date' }] });
}

function decideDrift(at: WantedCase, entry: Entry, others: readonly Reason[]): Change {
  const { disk, policy } = at;
  const now =
    disk.kind === 'file' ? (disk.sha256 ?? 'unreadable') : disk.kind === 'other' ? disk.text : '';
  const reason: Reason = {
    code: 'output-changed',
    text: 'output changed outside',
    old: entry.output.sha256,
    new: now,
  };
  if (policy.onDrift === 'accept' && disk.kind === 'file' && disk.sha256 !== undefined) {
    const { stat, sha256 } = disk;
    const accepted = { ...entry, output: { ...entry.output, stat, sha256 } };
    return withBaseline(at, accepted, { ...reason, text: 'output changed outside; accepted' });
  }
  const repairs = policy.onDrift === 'repair' && disk.kind === 'file';
  return change(at, { action: repairs ? 'repair' : 'drift', reasons: [reason, ...others] });
}

/** Everything that asks for a new encode. */
function audioReasons(at: WantedCase, entry: Entry): readonly Reason[] {
  const { desired, encoder, policy } = at;
  const { identity } = desired.source;
  const reasons: Reason[] = [];
  if (identity !== undefined && identity.audioId !== entry.source.audioId) {
    reasons.push(sourceReason(desired, entry.source.audioId, identity.audioId));
  }
  if (desired.sidecar && isPlaylistRecipe(entry.recipe) !== (desired.playlist !== undefined)) {
    const text = desired.playlist === undefined ? 'copied as it is now' : 'playlist rewritten now';
    reasons.push({ code: 'option-changed', text });
  }
  if (isToBeReplaced(entry)) {
    reasons.push({ code: 'to-be-replaced', text: 'adopted, to be made again (adopt --replace)' });
  }
  const { recipe } = desired.set.profile;
  if (!desired.sidecar && !isAdopted(entry) && !sameRecipe(entry.recipe.audio, recipe.audio)) {
    reasons.push(...audioRecipeReasons(entry.recipe, recipe));
  }
  const known = entry.encoder !== UNKNOWN_ENCODER && encoder !== undefined;
  if (policy.rebuildOnEncoderChange && known && encoder !== entry.encoder) {
    const text = `encoder ${entry.encoder} -> ${encoder}`;
    reasons.push({ code: 'encoder-changed', text, old: entry.encoder, new: encoder });
  }
  if (at.force) reasons.push({ code: 'forced', text: 'made again, as asked' });
  return reasons;
}

function sourceReason({ playlist }: Desired, old: AudioId, now: AudioId): Reason {
  if (playlist === undefined) return audioReason(old, now);
  const text = 'playlist changed, or the names of what it leads to';
  return { code: 'audio-changed', text, old, new: now };
}

function tagReasons(at: WantedCase, entry: Entry): readonly Reason[] {
  const { desired } = at;
  const { identity } = desired.source;
  if (desired.sidecar || desired.set.profile.codec === 'test') return [];
  const reasons: Reason[] = [];
  const wanted = identity && wantedTagId(desired, identity.tagId, entry.source.tagId);
  if (wanted !== undefined && wanted !== entry.source.tagId) {
    reasons.push(tagReason(entry.source.tagId, wanted));
  }
  if (desired.set.profile.codec !== 'copy' && !isAdopted(entry)) {
    reasons.push(...tagRecipeReasons(entry.recipe, desired.set.profile.recipe));
  }
  return reasons;
}

/** Nothing to make, but the ledger's stats are behind: written down so that the next plan need not look. */
function touchReasons(at: WantedCase, entry: Entry, outputTouched: boolean): readonly Reason[] {
  const { source } = at.desired;
  const reasons: Reason[] = [];
  if (outputTouched)
    reasons.push({ code: 'output-touched', text: 'output touched, content unchanged' });
  if (source.stat !== entry.source.stat || source.path !== entry.source.path || entry.source.racy) {
    reasons.push({ code: 'source-touched', text: 'source touched, content unchanged' });
  }
  if (entry.set !== at.desired.set.name) {
    reasons.push({ code: 'set-renamed', text: `output set renamed from ${entry.set}` });
  }
  return reasons;
}

/** The same inputs failed before: left alone until they change. */
function heedFailure(at: WantedCase, decided: Change): Change {
  const { failure, desired, policy } = at;
  if (failure === undefined || failure.count < policy.maxFailures) return decided;
  const recipe = recipeOf(desired);
  const sameInputs =
    failure.source.stat === desired.source.stat &&
    failure.source.path === desired.source.path &&
    sameRecipe(failure.recipe, recipe);
  if (!sameInputs) return decided;
  const why = withoutPrefix(failure.text, `${failure.source.path}: `);
  const text = `failed ${failure.count}x, left alone until it changes (or --retry-failed): ${why}`;
  return change(at, {
    action: 'skip',
    reasons: [{ code: 'failed-before', text }, ...decided.reasons],
    entry: decided.entry,
  });
}

interface Decision {
  readonly action: Action;
  readonly reasons: readonly Reason[];
  /** The row that the decision rests on, where it is not the one of this path. */
  readonly entry?: Entry | undefined;
}

function change(at: WantedCase, { action, reasons, entry = at.entry }: Decision): Change {
  const { desired } = at;
  return {
    action,
    output: desired.output,
    set: desired.set.name,
    source: desired.source.path,
    reasons,
    desired,
    ...(entry === undefined ? {} : { entry }),
  };
}
