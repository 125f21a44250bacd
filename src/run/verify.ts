import type { Entry, LedgerView } from '../ledger/entry.js';
import { readLedger } from '../ledger/read.js';
import { isTrashed } from '../ledger/trash.js';
import type { AbsolutePath, Sha256 } from '../lib/brand.js';
import { concurrently } from '../lib/concurrently.js';
import type { Disk } from '../lib/disk.js';
import type { Failure } from '../lib/failure.js';
import { errorMessage } from '../lib/failure.js';
import type { Result } from '../lib/result.js';
import { ok } from '../lib/result.js';
import { statSize } from '../lib/stat-key.js';
import type { Manifest } from '../manifest/manifest.js';
import { findForeign } from './foreign-files.js';
import { folderOf } from './manifest-folder.js';
import { lookAt } from './survey.js';

/** Something below an output's root that is not what the ledger says. */
export interface Finding {
  readonly output: AbsolutePath;
  readonly set: string;
  readonly kind: 'missing' | 'changed' | 'unreadable' | 'foreign';
  readonly text: string;
}

export interface VerifyReport {
  /** Outputs looked at, of all in the ledger; and the bytes read of them. */
  readonly checked: number;
  readonly outputs: number;
  readonly bytesRead: number;
  /** Sorted by path; foreign files last. */
  readonly findings: readonly Finding[];
}

export interface VerifyOptions {
  readonly disk: Disk;
  /** Reads and checksums every output instead of trusting an unchanged stat. */
  readonly deep: boolean;
  /** Only these outputs; absent: all. */
  readonly select?: (path: AbsolutePath) => boolean;
  /** Also looks for files that the ledger does not know. */
  readonly foreign?: boolean;
  /** How many outputs are read at the same time; 1 by default. */
  readonly atOnce?: number;
  /** Of a file's content, instead of the disk's own. */
  readonly sha256?: (path: string) => Promise<Sha256>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Compares the outputs in the ledger with the disk. Takes no lock, writes nothing. */
export async function verifyOutputs(
  manifest: Manifest,
  options: VerifyOptions,
): Promise<Result<VerifyReport, Failure>> {
  const ledger = await readLedger(manifest.stateDirectory, folderOf(manifest), options.disk);
  if (!ledger.ok) return ledger;
  const { outputs, selected } = selectedRows(ledger.value, options);
  const findings: Finding[] = [];
  let checked = 0;
  let bytesRead = 0;
  await concurrently(selected, options.atOnce ?? 1, async (path) => {
    options.signal?.throwIfAborted();
    const entry = ledger.value.entries.get(path);
    if (entry === undefined) return;
    const look = await examine(entry, options);
    bytesRead += look.bytesRead;
    if (look.finding !== undefined) findings.push(look.finding);
    checked += 1;
    options.onProgress?.(checked, selected.length);
  });
  findings.sort((a, b) => (a.output < b.output ? -1 : 1));
  const foreign = options.foreign ? await findForeign(manifest, ledger.value, options.signal) : [];
  return ok({ checked, outputs, bytesRead, findings: [...findings, ...foreign] });
}

/** What lies in the trash is no output any more. */
function selectedRows(
  { entries }: LedgerView,
  { select = () => true }: VerifyOptions,
): { readonly outputs: number; readonly selected: readonly AbsolutePath[] } {
  const outputs = [...entries.keys()].filter((path) => !isTrashed(path));
  return { outputs: outputs.length, selected: outputs.filter(select) };
}

interface Look {
  readonly bytesRead: number;
  readonly finding?: Finding;
}

async function examine(entry: Entry, options: VerifyOptions): Promise<Look> {
  const { path: output, set } = entry;
  const { disk, deep, sha256: read = (path) => disk.sha256(path) } = options;
  const now = lookAt(output);
  if (now.kind === 'missing') {
    return { bytesRead: 0, finding: { output, set, kind: 'missing', text: 'missing' } };
  }
  if (now.kind === 'other') {
    return { bytesRead: 0, finding: { output, set, kind: 'changed', text: `now ${now.text}` } };
  }
  if (!deep && now.stat === entry.output.stat) return { bytesRead: 0 };
  try {
    const sha256 = await read(output);
    const bytesRead = statSize(now.stat);
    if (sha256 === entry.output.sha256) return { bytesRead };
    const text = `changed outside: ${entry.output.sha256.slice(0, 8)}... -> ${sha256.slice(0, 8)}...`;
    return { bytesRead, finding: { output, set, kind: 'changed', text } };
  } catch (error) {
    return {
      bytesRead: 0,
      finding: { output, set, kind: 'unreadable', text: errorMessage(error) },
    };
  }
}
