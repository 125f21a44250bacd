import { readFile } from 'node:fs/promises';
import type { AbsolutePath } from '../lib/brand.js';
import { sha256Of } from '../lib/checksum.js';
import { statSize } from '../lib/stat-key.js';
import type { Desired, PlaylistText } from '../plan/action.js';
import { rewritePlaylist } from '../plan/playlist.js';
import { audioIdOfFile } from '../sources/flac-identity.js';
import { factOf } from '../sources/identify.js';
import { NO_TAGS } from '../sources/identity.js';
import { problemOfRead } from '../sources/problem.js';
import type { SourceProblem } from '../sources/source.js';

/** What a message to a worker takes, however much longer the outputs' names are. */
const MAX_BYTES = 256 * 1024;

/**
 * Reads the playlists among what is wanted and rewrites them to the names of the outputs. Their
 * identity is that of the rewritten text, so that they are stale when a name in them is another.
 */
export async function readPlaylists(desired: readonly Desired[]): Promise<readonly Desired[]> {
  if (!desired.some(({ playlist }) => playlist === 'unread')) return desired;
  const outputs = new OutputNames(desired);
  const read: Desired[] = [];
  for (const wanted of desired) {
    read.push(wanted.playlist === 'unread' ? await readOne(wanted, outputs) : wanted);
  }
  return read;
}

async function readOne(wanted: Desired, outputs: OutputNames): Promise<Desired> {
  const { source, output, set } = wanted;
  if (statSize(source.stat) > MAX_BYTES) return unreadable(wanted, tooLong());
  try {
    const outputOf = (path: string): AbsolutePath | undefined => outputs.of(set.name, path);
    const bytes = await readFile(source.path);
    const playlist = rewritePlaylist(bytes, { source: source.path, output, outputOf });
    return playlist.content.length > MAX_BYTES
      ? unreadable(wanted, tooLong())
      : made(wanted, playlist);
  } catch (error) {
    return unreadable(wanted, problemOfRead(error));
  }
}

function made(wanted: Desired, playlist: PlaylistText): Desired {
  const sha256 = sha256Of(Buffer.from(playlist.content, 'latin1'));
  const identity = { audioId: audioIdOfFile(sha256), tagId: NO_TAGS };
  return { ...wanted, source: factOf(wanted.source, { identity }), playlist };
}

function unreadable(wanted: Desired, problem: SourceProblem): Desired {
  const playlist = { content: '', warnings: [] };
  return { ...wanted, source: factOf(wanted.source, { problem }), playlist };
}

function tooLong(): SourceProblem {
  return {
    code: 'SOURCE_UNREADABLE',
    text: `a playlist longer than ${MAX_BYTES / 1024} KiB is not rewritten`,
  };
}

/** Finds the outputs of source files as playlists spell them: case and Unicode form may differ. */
class OutputNames {
  /** By output set. A file that is one of several after folding is `several`. */
  readonly #sets = new Map<string, Map<string, AbsolutePath | 'several'>>();

  constructor(desired: readonly Desired[]) {
    const asking = new Set(
      desired.flatMap(({ playlist, set }) => (playlist === undefined ? [] : set.name)),
    );
    for (const { set, source, output, playlist } of desired) {
      if (!asking.has(set.name) || playlist !== undefined) continue;
      const names = this.#sets.get(set.name) ?? new Map<string, AbsolutePath | 'several'>();
      this.#sets.set(set.name, names);
      const folded = fold(source.path);
      names.set(folded, names.has(folded) ? 'several' : output);
      names.set(exact(source.path), output);
    }
  }

  of(set: string, source: string): AbsolutePath | undefined {
    const names = this.#sets.get(set);
    const found = names?.get(exact(source)) ?? names?.get(fold(source));
    return found === 'several' ? undefined : found;
  }
}

/** Apart from folded names. */
function exact(path: string): string {
  return `=${path}`;
}

function fold(path: string): string {
  return path.normalize('NFC').toLowerCase();
}
