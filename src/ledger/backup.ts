import { open, readFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import type { AbsolutePath } from '../lib/brand.js';
import { sha256Of } from '../lib/checksum.js';
import type { Clock } from '../lib/clock.js';
import type { Disk } from '../lib/disk.js';
import { errorCode, errorMessage } from '../lib/failure.js';
import type { Failure } from '../lib/failure.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import { unreadable } from './failure.js';
import type { LedgerFailure } from './failure.js';
import { journalFile, ledgerFiles } from './files.js';
import { parseRoot } from './root-file.js';
import type { RootFile } from './root-file.js';
import { TAR_END, tarFile } from './tar.js';

export interface BackupOptions {
  /** The state folder, `.flac2all`. */
  readonly directory: AbsolutePath;
  /** The archive; must not be there yet. */
  readonly file: AbsolutePath;
  readonly disk: Disk;
  readonly clock: Clock;
}

export interface Backup {
  readonly bytes: number;
  readonly serial: number;
}

type BackupFailure = LedgerFailure | Failure<'FILE_UNWRITABLE' | 'FILE_EXISTS'>;

/** A run that writes replaces the root only now and then; so often it may come between. */
const MAX_TRIES = 10;

/**
 * Writes one consistent copy of the ledger as a tar archive, synced, and only when it is whole. Takes no
 * lock: when a run replaces the root meanwhile, it begins again. A damaged ledger is refused.
 */
export async function backupLedger(options: BackupOptions): Promise<Result<Backup, BackupFailure>> {
  const { file, disk } = options;
  const part = join(dirname(file), `.${basename(file)}.${process.pid}.f2a-part`);
  try {
    if ((await disk.lstat(file)) !== undefined) {
      const message = `${file} is there already`;
      return err({ code: 'FILE_EXISTS', message, hint: 'give each backup a name of its own' });
    }
    const written = await writeArchive(options, part);
    if (!written.ok) await disk.remove(part);
    else {
      await disk.rename(part, file);
      await disk.syncDirectory(dirname(file));
    }
    return written;
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    await disk.remove(part).catch(() => undefined);
    const message = `cannot write the backup ${file}: ${errorMessage(error)}`;
    return err({ code: 'FILE_UNWRITABLE', message });
  }
}

async function writeArchive(
  options: BackupOptions,
  part: string,
): Promise<Result<Backup, LedgerFailure>> {
  const files = ledgerFiles(options.directory);
  for (let tries = 1; ; tries += 1) {
    const text = await rootTextOf(files.root);
    if (text === undefined) return err(unreadable(files.root, 'it is not there'));
    const read = parseRoot(text, files.root);
    if (!read.ok) return read;
    const archive = await open(part, 'w');
    try {
      const wrong = await archiveAll(archive, { text, root: read.value.root, ...options });
      if (wrong === undefined) {
        await archive.sync();
        const { size } = await archive.stat();
        return ok({ bytes: size, serial: read.value.root.serial });
      }
      const isMoving = (await rootTextOf(files.root)) !== text;
      if (!isMoving || tries >= MAX_TRIES) {
        return err({ ...unreadable(wrong, 'it is damaged or missing'), hint: REPAIR_FIRST });
      }
    } finally {
      await archive.close();
    }
  }
}

const REPAIR_FIRST =
  '`flac2all ledger repair` makes a whole ledger of what is left; nothing was written';

interface Content extends BackupOptions {
  readonly text: string;
  readonly root: RootFile;
}

/** Returns the file that is not what the root says; `undefined`: all are in the archive. */
async function archiveAll(
  archive: FileHandle,
  { text, root, directory, clock }: Content,
): Promise<string | undefined> {
  const files = ledgerFiles(directory);
  const add = async (path: string, content: Uint8Array): Promise<void> => {
    const name = join(basename(directory), relative(directory, path));
    for (const piece of tarFile(name, content, clock.now())) await archive.appendFile(piece);
  };
  for (const { file, sha256 } of root.shards) {
    const path = join(files.shards, file);
    const content = await absentAsUndefined(path);
    if (content === undefined || sha256Of(content) !== sha256) return path;
    await add(path, content);
  }
  for (const epoch of root.journals) {
    const path = journalFile(files, epoch);
    const content = await absentAsUndefined(path);
    if (content === undefined) return path;
    await add(path, content);
  }
  await add(files.root, Buffer.from(text));
  await archive.appendFile(TAR_END);
  return undefined;
}

async function rootTextOf(path: string): Promise<string | undefined> {
  return (await absentAsUndefined(path))?.toString('utf8');
}

async function absentAsUndefined(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
