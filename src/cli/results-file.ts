import { closeSync, openSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Failure } from '../lib/failure.js';
import { errorMessage } from '../lib/failure.js';
import type { Result } from '../lib/result.js';
import { err, ok } from '../lib/result.js';
import { CSV_HEADER, csvRecords } from '../report/csv.js';
import type { RunEvent } from '../report/event.js';

/** Takes the events of a run and writes a CSV record for those that are results; never throws. */
export interface ResultsFile {
  take(event: RunEvent): void;
  /** Returns what kept records from being written, if anything did. */
  close(): Failure<'FILE_UNWRITABLE'> | undefined;
}

/** Opens `--results FILE`, replacing it; without a name nothing is written. */
export function resultsFile(
  name: string | undefined,
  cwd: string,
): Result<ResultsFile, Failure<'FILE_UNWRITABLE'>> {
  if (name === undefined) return ok({ take: () => undefined, close: () => undefined });
  const file = resolve(cwd, name);
  let failure: Failure<'FILE_UNWRITABLE'> | undefined;
  const attempt = (write: () => void): void => {
    try {
      if (failure === undefined) write();
    } catch (error) {
      const message = `cannot write the results to ${file}: ${errorMessage(error)}`;
      failure = { code: 'FILE_UNWRITABLE', message };
    }
  };
  let handle = -1;
  attempt(() => {
    handle = openSync(file, 'w');
    writeSync(handle, CSV_HEADER);
  });
  if (failure !== undefined) return err(failure);
  return ok({
    take: (event) => {
      const records = csvRecords(event);
      if (records !== '') attempt(() => writeSync(handle, records));
    },
    close: () => {
      closeSync(handle);
      return failure;
    },
  });
}
