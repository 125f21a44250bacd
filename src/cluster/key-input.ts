import type { Readable } from 'node:stream';
import type { Failure } from '../lib/failure.js';
import type { Result } from '../lib/result.js';
import type { ClusterFailureCode } from './failure.js';
import { parseKey } from './key-file.js';
import type { ClusterKey } from './key-file.js';

/** A key is far shorter; a stream without line ends must not fill the memory. */
const MAX_LINE = 4096;

/** Reads a key from the first line of a stream, whose rest is left to others. */
export async function readKeyLine(
  stream: Readable,
): Promise<Result<ClusterKey, Failure<ClusterFailureCode>>> {
  return parseKey(await firstLine(stream), 'on standard input');
}

/** The stream is paused when this resolves. */
function firstLine(stream: Readable): Promise<string> {
  return new Promise((resolve) => {
    let read = Buffer.alloc(0);
    const done = (): void => {
      stream.off('data', take).off('end', done).off('close', done).off('error', done).pause();
      const end = read.indexOf('\n');
      if (end !== -1 && end + 1 < read.length) stream.unshift(read.subarray(end + 1));
      resolve(read.subarray(0, end === -1 ? read.length : end).toString('utf8'));
    };
    const take = (chunk: Buffer): void => {
      read = Buffer.concat([read, chunk]);
      if (read.includes('\n') || read.length > MAX_LINE) done();
    };
    stream.on('data', take).once('end', done).once('close', done).once('error', done);
  });
}
