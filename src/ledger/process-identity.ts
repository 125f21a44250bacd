import { readFileSync, readlinkSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { sha256Of } from '../lib/checksum.js';
import { errorCode } from '../lib/failure.js';

/** Which process it is, so that another one can tell whether it still lives. Absent: not known here. */
export interface ProcessIdentity {
  readonly host: string;
  /** Digest of the machine id: two machines may have one name. */
  readonly machine?: string;
  readonly bootId?: string;
  /** Process ids of another namespace (container) say nothing here. */
  readonly pidNamespace?: string;
  readonly pid: number;
  /** Ticks from boot to the start of the process: tells it from a later one with its pid. */
  readonly startTime?: string;
  readonly user: string;
}

/** What a machine knows of its own processes; a test brings its own. */
export interface ProcessTable {
  readonly self: ProcessIdentity;
  /** `undefined`: no such process; `''`: it lives, since when is not known. */
  startTimeOf(pid: number): string | undefined;
}

/**
 * - `dead`: it ran here and is gone for sure.
 * - `alive`: it runs here.
 * - `elsewhere`: nobody here can tell.
 */
export type Liveness = 'alive' | 'dead' | 'elsewhere';

/** Judges a process by what this machine knows. */
export function livenessOf(other: ProcessIdentity, table: ProcessTable): Liveness {
  const { self } = table;
  if (other.host !== self.host || differ(other.machine, self.machine)) return 'elsewhere';
  if (differ(other.bootId, self.bootId)) return 'dead';
  if (differ(other.pidNamespace, self.pidNamespace)) return 'elsewhere';
  const startTime = table.startTimeOf(other.pid);
  if (startTime === undefined) return 'dead';
  return startTime !== '' && differ(other.startTime, startTime) ? 'dead' : 'alive';
}

function differ(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && a !== b;
}

/** This process and its neighbours, from `/proc` where there is one. */
export function systemProcesses(): ProcessTable {
  const startTime = startTimeOf(process.pid);
  return {
    self: {
      host: hostname(),
      ...present('machine', machineDigest()),
      ...present('bootId', read('/proc/sys/kernel/random/boot_id')),
      ...present('pidNamespace', pidNamespace()),
      pid: process.pid,
      ...present('startTime', startTime === '' ? undefined : startTime),
      user: userName(),
    },
    startTimeOf,
  };
}

function present<K extends string>(key: K, value: string | undefined): { [P in K]?: string } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: string };
}

/** Field 22 of `/proc/PID/stat`; a zombie counts as gone. */
function startTimeOf(pid: number): string | undefined {
  const stat = read(`/proc/${pid}/stat`);
  // The second field is the name in parentheses and may hold anything.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields === undefined) return isRunning(pid) ? '' : undefined;
  return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

/** The id itself is not for publication. */
function machineDigest(): string | undefined {
  const id = read('/etc/machine-id');
  if (id === undefined || id === '') return undefined;
  return sha256Of(`flac2all ${id}`).slice(0, 16);
}

function pidNamespace(): string | undefined {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return undefined;
  }
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? '?');
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}
