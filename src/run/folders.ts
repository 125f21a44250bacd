import { accessSync, constants } from 'node:fs';
import { dirname } from 'node:path';
import type { AbsolutePath } from '../lib/brand.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Disk } from '../lib/disk.js';
import { errorCode, errorMessage } from '../lib/failure.js';
import { writeFailureCode } from '../task/problem.js';
import type { Failed } from '../task/task.js';

/** Where folders are made, and who writes down which are new. */
export interface FolderContext {
  readonly disk: Disk;
  readonly ledger: Pick<Ledger, 'madeDirectories'>;
}

/**
 * Makes the folders that the outputs will stand in and writes down those that are new. Returns, for
 * outputs whose folder cannot be made or written, why; found here, a read-only target does not cost
 * an encode for each of its files.
 */
export async function prepareFolders(
  outputs: readonly AbsolutePath[],
  context: FolderContext,
): Promise<ReadonlyMap<AbsolutePath, Failed>> {
  const verdicts = new Map<string, Failed | undefined>();
  const refused = new Map<AbsolutePath, Failed>();
  for (const output of outputs) {
    const folder = dirname(output);
    if (!verdicts.has(folder)) verdicts.set(folder, await prepare(folder, context));
    const failed = verdicts.get(folder);
    if (failed !== undefined) refused.set(output, failed);
  }
  return refused;
}

async function prepare(folder: string, context: FolderContext): Promise<Failed | undefined> {
  try {
    await makeFolder(folder, context);
    accessSync(folder, constants.W_OK);
    return undefined;
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return {
      status: 'failed',
      class: 'environment',
      code: writeFailureCode(error),
      text: `cannot write to ${folder}: ${errorMessage(error)}`,
      stderrTail: '',
      ms: 0,
    };
  }
}

/** Makes a folder that a power loss does not take away again, and writes down what is new of it. */
export async function makeFolder(folder: string, { disk, ledger }: FolderContext): Promise<void> {
  const made = await disk.makeDirectory(folder);
  for (const path of made) await disk.syncDirectory(dirname(path));
  if (made.length > 0) await ledger.madeDirectories(made as readonly AbsolutePath[]);
}
