import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Entry } from '#src/ledger/entry.js';
import type { Ledger } from '#src/ledger/ledger.js';
import { openLedger } from '#src/ledger/open.js';
import { systemProcesses } from '#src/ledger/process-identity.js';
import type { AbsolutePath } from '#src/lib/brand.js';
import { systemClock } from '#src/lib/clock.js';
import { nodeDisk } from '#src/lib/node-disk.js';
import type { Desired } from '#src/plan/action.js';
import { planManifest } from '#src/run/plan.js';
import { buildHeader, commentBlock, streamInfoBlock } from '../support/flac-builder.js';
import { sha256Of } from '../support/ledger-rig.js';
import { MANIFEST_NAME, manifestIn, sourceName } from './recorded-library.js';

const TRACKS = 10;
const ALBUMS = 10;
const WRITES_AT_ONCE = 10_000;

/** Writes headers of FLAC files, ten to an album, ten albums to an artist, and a manifest of two outputs. */
export async function makeSources(folder: AbsolutePath, count: number): Promise<void> {
  await manifestIn(folder);
  const old = new Date('2024-01-01T00:00:00Z');
  for (let index = 0; index < count; index += 1) {
    const path = join(folder, 'Lossless', sourceName(index));
    if (index % TRACKS === 0) mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, sourceHeader(index));
    utimesSync(path, old, old);
  }
}

function sourceHeader(index: number): Buffer {
  const comments = [
    ['ARTIST', `Artist ${Math.floor(index / TRACKS / ALBUMS)}`],
    ['ALBUM', `Album ${Math.floor(index / TRACKS)}`],
    ['TITLE', `Title ${index}`],
    ['TRACKNUMBER', String((index % TRACKS) + 1)],
  ] as const;
  const md5 = (index + 1).toString(16).padStart(32, '0');
  return buildHeader([streamInfoBlock({ samples: 10_000_000, md5 }), commentBlock(comments)]);
}

/** Puts small files where the outputs belong and writes a ledger that says that they were made. */
export async function makeOutputs(folder: AbsolutePath): Promise<void> {
  const manifest = await manifestIn(folder);
  const planned = await planManifest(manifest, { disk: nodeDisk, emit: () => undefined });
  if (!planned.ok) throw new Error(planned.error.message);
  const ledger = await openBenchLedger(folder, manifest.stateDirectory);
  const { desired } = planned.value.input;
  for (let at = 0; at < desired.length; at += WRITES_AT_ONCE) {
    const some = desired.slice(at, at + WRITES_AT_ONCE);
    const entries = await Promise.all(some.map((wanted) => makeOutput(wanted)));
    await Promise.all(entries.map((entry) => ledger.updated(entry)));
  }
  await ledger.close();
}

/** Opens a ledger on the real disk, or makes it. */
export async function openBenchLedger(
  base: AbsolutePath,
  directory: AbsolutePath,
): Promise<Ledger> {
  const opened = await openLedger({
    directory,
    base,
    owner: MANIFEST_NAME,
    disk: nodeDisk,
    clock: systemClock,
    processes: systemProcesses(),
    run: { id: 'bench', command: 'bench' },
    onNotice: () => undefined,
  });
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value;
}

async function makeOutput({ output, set, source }: Desired): Promise<Entry> {
  const content = `${set.name} ${source.rel}`;
  mkdirSync(dirname(output), { recursive: true });
  writeFileSync(output, content);
  const made = await nodeDisk.lstat(output);
  const { identity } = source;
  if (made === undefined || identity === undefined) throw new Error(`nothing known of ${output}`);
  return {
    path: output,
    set: set.name,
    source: { path: source.path, stat: source.stat, ...identity, sha256: sha256Of(source.rel) },
    recipe: set.profile.recipe,
    encoder: `${set.profile.codec} 1.0`,
    output: { stat: made.stat, sha256: sha256Of(content), samples: 10_000_000 },
    made: { at: '2024-05-01T12:00:00.000Z', run: 'bench', worker: 'here/1', ms: 4321 },
  };
}

/** Gives some sources another time without changing them. */
export function touchSources(folder: AbsolutePath, count: number): void {
  const now = new Date('2024-02-02T00:00:00Z');
  for (let index = 0; index < count; index += 1) {
    utimesSync(join(folder, 'Lossless', sourceName(index)), now, now);
  }
}
