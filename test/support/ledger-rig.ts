import { createHash } from 'node:crypto';
import type { AbsolutePath, Sha256 } from '#src/lib/brand.js';
import type { Disk } from '#src/lib/disk.js';
import type { StatKey } from '#src/lib/stat-key.js';
import type { Entry, FailureRecord } from '#src/ledger/entry.js';
import type { LedgerFailure } from '#src/ledger/failure.js';
import type { Ledger } from '#src/ledger/ledger.js';
import type { LedgerNotice } from '#src/ledger/notice.js';
import { openLedger } from '#src/ledger/open.js';
import type { OpenOptions } from '#src/ledger/open.js';
import type { ProcessTable } from '#src/ledger/process-identity.js';
import type { Recipe } from '#src/manifest/manifest.js';
import type { AudioId, TagId } from '#src/sources/identity.js';
import type { Result } from '#src/lib/result.js';
import { FakeClock } from './fake-clock.js';

export const BASE = '/music' as AbsolutePath;
export const STATE = '/music/.flac2all' as AbsolutePath;
export const OUT = '/music/out';

export const RECIPE: Recipe = {
  audio: { codec: 'opus', options: { bitrate: 128 }, args: [], limits: {} },
  tags: { id3: '2.4' },
};

/** An absolute path of a test. */
export function path(text: string): AbsolutePath {
  return text as AbsolutePath;
}

export function sha256Of(data: string | Uint8Array): Sha256 {
  return createHash('sha256').update(data).digest('hex') as Sha256;
}

/** A row for an output with this content. */
export function entryOf(output: string, content: string, stat = '1:1:1:1'): Entry {
  return {
    path: path(output),
    set: 'phone',
    source: {
      path: path(`/music/in/${output.slice(output.lastIndexOf('/') + 1)}.flac`),
      stat: '1000:1714564800000000000:1714564800000000000:42' as StatKey,
      audioId: 'flac:0123456789abcdef0123456789abcdef/441000/44100/2/16' as AudioId,
      tagId: 'v:0123456789abcdef,p:-,c:-' as TagId,
      sha256: sha256Of(`source of ${output}`),
    },
    recipe: RECIPE,
    encoder: 'opusenc 0.2 (libopus 1.3.1)',
    output: { stat: stat as StatKey, sha256: sha256Of(content), samples: 441_000 },
    made: { at: '2024-05-01T12:00:00.000Z', run: 'run-1', worker: 'host/0', ms: 812 },
  };
}

export function failureOf(output: string): FailureRecord {
  return {
    path: path(output),
    set: 'phone',
    source: { path: path('/elsewhere/a.flac'), stat: '1:2:3:4' as StatKey },
    recipe: RECIPE,
    code: 'DECODE_FAILED',
    text: 'the audio ends early',
    count: 2,
    at: '2024-05-01T12:00:00.000Z',
    stderrTail: 'ERROR while decoding',
  };
}

/** Processes of one host of which only `pid` lives. */
export function processTable(pid: number, host = 'here'): ProcessTable {
  return {
    self: { host, bootId: 'boot-1', pid, startTime: `start-${pid}`, user: 'me' },
    startTimeOf: (other) => (other === pid ? `start-${pid}` : undefined),
  };
}

let lastPid = 1000;

export interface Opened {
  readonly result: Result<Ledger, LedgerFailure>;
  readonly notices: readonly LedgerNotice[];
}

type Wishes = Pick<OpenOptions, 'keepParts' | 'imageFrom' | 'rewrite'> &
  Partial<Pick<OpenOptions, 'owner'>>;

/** Opens the ledger as a new process of which all earlier ones are dead. */
export async function tryOpen(
  disk: Disk,
  clock = new FakeClock(),
  wishes: Wishes = {},
): Promise<Opened> {
  lastPid += 1;
  const notices: LedgerNotice[] = [];
  const result = await openLedger({
    directory: STATE,
    owner: 'flac2all.yaml',
    base: BASE,
    disk,
    clock,
    processes: processTable(lastPid),
    run: { id: `run-${lastPid}`, command: 'flac2all apply' },
    onNotice: (notice) => notices.push(notice),
    ...wishes,
  });
  return { result, notices };
}

/** Opens a ledger that must open. */
export async function open(
  disk: Disk,
  wishes: Wishes = {},
): Promise<{ readonly ledger: Ledger; readonly notices: readonly LedgerNotice[] }> {
  const { result, notices } = await tryOpen(disk, new FakeClock(), wishes);
  if (!result.ok) throw new Error(result.error.message);
  return { ledger: result.value, notices };
}

/** The part file that the first steps of `make` use. */
export function partOf(output: string, attempt = 1): AbsolutePath {
  const slash = output.lastIndexOf('/');
  return path(`${output.slice(0, slash)}/.${output.slice(slash + 1)}.${attempt}.f2a-part`);
}

/** One output from lease to done, as worker and master do it together. */
export async function make(
  ledger: Ledger,
  disk: Disk,
  { output, content }: { readonly output: string; readonly content: string },
): Promise<void> {
  const target = path(output);
  const part = partOf(output);
  await ledger.leased(target, part);
  await disk.writeNew(part, [content]);
  const staged = await disk.lstat(part);
  const before = await disk.lstat(target);
  await ledger.staged(entryOf(output, content, staged?.stat), part, before?.stat);
  await disk.rename(part, target);
  await disk.syncDirectory(OUT);
  const done = await disk.lstat(target);
  await ledger.done(target, done?.stat ?? ('' as StatKey));
}
