import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { errorCode } from '../lib/failure.js';

/*
 * The run that holds the ledger's lock writes into the ledger's folder where it can be watched. The
 * socket's folder has a random name, so that who reaches it has reached that run and no other.
 */
const FILE = 'live.json';

/** Where a run can be watched. */
export interface LiveAddress {
  /** Name of the machine; the socket is reached there and nowhere else. */
  readonly host: string;
  readonly pid: number;
  /** Path of the Unix socket. */
  readonly socket: string;
}

/** Writes down where this process can be watched; replaces what a killed run left. */
export function publishAddress(directory: string, socket: string): void {
  const address: LiveAddress = { host: hostname(), pid: process.pid, socket };
  const file = join(directory, FILE);
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  writeFileSync(draft, `${JSON.stringify(address)}\n`, { flag: 'wx', mode: 0o600 });
  renameSync(draft, file);
}

/** Takes it back; the caller still holds the lock, so it is no other's. */
export function withdrawAddress(directory: string): void {
  rmSync(join(directory, FILE), { force: true });
}

/** Where the run at work can be watched; `undefined`: there is none, or it may not be read. */
export function readAddress(directory: string): LiveAddress | undefined {
  try {
    const found = JSON.parse(
      readFileSync(join(directory, FILE), 'utf8'),
    ) as Partial<LiveAddress> | null;
    const { host, pid, socket } = found ?? {};
    if (typeof host !== 'string' || typeof pid !== 'number' || typeof socket !== 'string') {
      return undefined;
    }
    return { host, pid, socket };
  } catch (error) {
    if (error instanceof SyntaxError || errorCode(error) !== undefined) return undefined;
    throw error;
  }
}
