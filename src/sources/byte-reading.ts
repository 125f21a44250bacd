import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { READ_FLAGS } from '../lib/read-flags.js';
import { err } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import { problem, problemOfRead } from './problem.js';
import type { SourceProblem } from './source.js';

/**
 * A parser that asks for bytes instead of reading them, so that one text of it serves planning
 * (synchronous, one reused buffer) and the workers (asynchronous). The answer to a request has
 * exactly the length asked for; with `readSynchronously` it is valid until the next request only.
 */
export type Reading<T> = Generator<ByteRange, T, Uint8Array>;

/** A request. Never reaches beyond the size that the parser was told. */
export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

/** Starts a parser for a file of that many bytes. */
export type StartReading<T> = (sizeBytes: number) => Reading<Result<T, SourceProblem>>;

/** Requests up to this size cost no allocation when reading synchronously. */
export const SHARED_BUFFER_BYTES: number = 64 * 1024;

/** One page-cache-friendly read covers the whole header of most files without a picture. */
const WINDOW_BYTES = 8 * 1024;

const sharedBuffer = Buffer.allocUnsafeSlow(SHARED_BUFFER_BYTES);

/** Runs a parser over a file. Memory beyond the shared buffer: the largest range asked for. */
export function readSynchronously<T>(
  path: string,
  start: StartReading<T>,
): Result<T, SourceProblem> {
  let fd: number | undefined;
  try {
    fd = openSync(path, READ_FLAGS);
    const stats = fstatSync(fd);
    if (!stats.isFile()) return err(notRegular);
    return driveSynchronously(fd, stats.size, start(stats.size));
  } catch (error) {
    return err(problemOf(error));
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

function driveSynchronously<T>(fd: number, sizeBytes: number, reading: Reading<T>): T {
  let windowStart = 0;
  let windowEnd = 0;
  let step = reading.next(sharedBuffer);
  while (step.done !== true) {
    const { offset, length } = step.value;
    if (length > SHARED_BUFFER_BYTES) {
      step = reading.next(fillSynchronously(fd, Buffer.allocUnsafeSlow(length), offset));
      continue;
    }
    if (offset < windowStart || offset + length > windowEnd) {
      windowStart = offset;
      windowEnd = Math.min(offset + Math.max(length, WINDOW_BYTES), sizeBytes);
      fillSynchronously(fd, sharedBuffer.subarray(0, windowEnd - offset), offset);
    }
    const at = offset - windowStart;
    step = reading.next(sharedBuffer.subarray(at, at + length));
  }
  return step.value;
}

function fillSynchronously(fd: number, into: Buffer, offset: number): Buffer {
  let filled = 0;
  while (filled < into.length) {
    const got = readSync(fd, into, filled, into.length - filled, offset + filled);
    if (got === 0) throw new ShrunkError();
    filled += got;
  }
  return into;
}

/** Runs a parser over a file off the event loop; what it was given stays valid. */
export async function readAsynchronously<T>(
  path: string,
  start: StartReading<T>,
): Promise<Result<T, SourceProblem>> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, READ_FLAGS);
    const stats = await file.stat();
    if (!stats.isFile()) return err(notRegular);
    return await driveAsynchronously(file, stats.size, start(stats.size));
  } catch (error) {
    return err(problemOf(error));
  } finally {
    await file?.close();
  }
}

async function driveAsynchronously<T>(
  file: FileHandle,
  sizeBytes: number,
  reading: Reading<T>,
): Promise<T> {
  let window: Buffer = Buffer.alloc(0);
  let windowStart = 0;
  let step = reading.next(window);
  while (step.done !== true) {
    const { offset, length } = step.value;
    if (offset < windowStart || offset + length > windowStart + window.length) {
      const wanted = Math.min(Math.max(length, WINDOW_BYTES), sizeBytes - offset);
      window = await fill(file, Buffer.allocUnsafeSlow(wanted), offset);
      windowStart = offset;
    }
    const at = offset - windowStart;
    step = reading.next(window.subarray(at, at + length));
  }
  return step.value;
}

async function fill(file: FileHandle, into: Buffer, offset: number): Promise<Buffer> {
  let filled = 0;
  while (filled < into.length) {
    const { bytesRead } = await file.read(into, filled, into.length - filled, offset + filled);
    if (bytesRead === 0) throw new ShrunkError();
    filled += bytesRead;
  }
  return into;
}

/** The file became shorter between `fstat` and `read`. */
class ShrunkError extends Error {}

const notRegular: SourceProblem = problem('SOURCE_UNREADABLE', 'not a regular file');

function problemOf(error: unknown): SourceProblem {
  return error instanceof ShrunkError
    ? problem('TRUNCATED_HEADER', 'the file became shorter while it was read')
    : problemOfRead(error);
}
