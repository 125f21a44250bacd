import type { Entry } from '../ledger/entry.js';
import { readLedger } from '../ledger/read.js';
import type { AbsolutePath } from '../lib/brand.js';
import type { Disk } from '../lib/disk.js';
import type { Failure } from '../lib/failure.js';
import { errorMessage } from '../lib/failure.js';
import type { Result } from '../lib/result.js';
import { ok } from '../lib/result.js';
import { statSize } from '../lib/stat-key.js';
import type { Manifest } from '../manifest/manifest.js';
import { folderOf } from './manifest-folder.js';
import { lookAt } from './survey.js';

/** An output that is not what the ledger says. */
export interface Finding {
  readonly output: AbsolutePath;
  readonly set: string;
  readonly kind: 'missing' | 'changed' | 'unreadable';
  readonly text: string;
}

export interface VerifyReport {
  /** Outputs looked at, and the bytes read of them. */
  readonly checked: number;
  readonly bytesRead: number;
  readonly findings: readonly Finding[];
}

export interface VerifyOptions {
  readonly disk: Disk;
  /** Reads and checksums every output instead of trusting an unchanged stat. */
  readonly deep: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Compares every output in the ledger with the disk. Takes no lock, writes nothing. */
export async function verifyOutputs(
  manifest: Manifest,
  options: VerifyOptions,
): Promise<Result<VerifyReport, Failure>> {
  const ledger = await readLedger(manifest.stateDirectory, folderOf(manifest), options.disk);
  if (!ledger.ok) return ledger;
  const { entries } = ledger.value;
  const findings: Finding[] = [];
  let checked = 0;
  let bytesRead = 0;
  for (const entry of entries.values()) {
    options.signal?.throwIfAborted();
    const look = await examine(entry, options);
    bytesRead += look.bytesRead;
    if (look.finding !== undefined) findings.push(look.finding);
    checked += 1;
    options.onProgress?.(checked, entries.size);
  }
  return ok({ checked, bytesRead, findings });
}

interface Look {
  readonly bytesRead: number;
  readonly finding?: Finding;
}

async function examine(entry: Entry, { disk, deep }: VerifyOptions): Promise<Look> {
  const { path: output, set } = entry;
  const now = lookAt(output);
  if (now.kind === 'missing') {
    return { bytesRead: 0, finding: { output, set, kind: 'missing', text: 'missing' } };
  }
  if (now.kind === 'other') {
    return { bytesRead: 0, finding: { output, set, kind: 'changed', text: `now ${now.text}` } };
  }
  if (!deep && now.stat === entry.output.stat) return { bytesRead: 0 };
  try {
    const sha256 = await disk.sha256(output);
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
