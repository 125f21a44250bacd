import { closeSync, openSync, writeSync } from 'node:fs';
import { codecOf } from '../../codecs/codecs.js';
import type { Failure } from '../../lib/failure.js';
import { errorMessage } from '../../lib/failure.js';
import type { Change, Desired } from '../../plan/action.js';
import { conversionStatus, modeName } from '../../report/classic-text.js';
import type { Finished } from '../../report/classic-text.js';
import type { RunEvent } from '../../report/event.js';
import { waitsForPerson } from '../../report/plan-summary.js';
import type { Planned } from '../../run/plan.js';

const HEADER = 'infile,outfile,format,conversion_status,return_code,execution_time\n';
/** What the classic program says of an output that was there. */
const EXISTS = 'Outfile exists, skipping';
const NO_TIME = -1;

interface Result {
  readonly status: string;
  readonly code: 0 | -1;
  readonly seconds: number;
}

/** What became of each file, as the classic program writes it into `conversion_results.log`. */
export class ConversionLog {
  #desired: readonly Desired[] = [];
  #changes: ReadonlyMap<string, Change> = new Map();
  readonly #results = new Map<string, Result>();

  /** What the run is about. */
  plan({ input, plan }: Planned, changes: readonly Change[] = plan.changes): void {
    this.#desired = input.desired;
    this.#changes = new Map(changes.map((change) => [change.output, change]));
  }

  take(event: RunEvent): void {
    const { type } = event;
    if (type !== 'task-done' && type !== 'task-failed' && type !== 'file-moved') return;
    this.#results.set(event.output, resultOf(event));
  }

  /** Writes the log, replacing an older one; returns what kept it from being written. */
  write(file: string): Failure<'FILE_UNWRITABLE'> | undefined {
    try {
      const handle = openSync(file, 'w');
      try {
        writeSync(handle, HEADER);
        for (const desired of this.#desired) writeSync(handle, this.#record(desired));
      } finally {
        closeSync(handle);
      }
      return undefined;
    } catch (error) {
      const message = `cannot write the results to ${file}: ${errorMessage(error)}`;
      return { code: 'FILE_UNWRITABLE', message };
    }
  }

  /** Empty for what an interrupted run has left. */
  #record({ output, source, set, sidecar }: Desired): string {
    const result = this.#results.get(output) ?? unworked(this.#changes.get(output));
    if (result === undefined) return '';
    const kind = codecOf(set.profile.recipe.audio)?.kind;
    const format = sidecar ? 'copy' : kind === 'analyse' ? 'flactest' : modeName(set.name);
    const { status, code, seconds } = result;
    const fields = [source.path, output, format, status, String(code), String(seconds)];
    return `${fields.map(field).join(',')}\n`;
  }
}

function resultOf(event: Finished): Result {
  const status = conversionStatus(event);
  if (event.type === 'file-moved') return { status, code: 0, seconds: NO_TIME };
  return { status, code: event.type === 'task-done' ? 0 : -1, seconds: event.ms / 1000 };
}

/** Of an output that no worker was asked for. */
function unworked(change: Change | undefined): Result | undefined {
  const there: Result = { status: EXISTS, code: 0, seconds: NO_TIME };
  if (change === undefined || change.action === 'touch' || change.action === 'adopt') return there;
  if (!waitsForPerson(change.action)) return undefined;
  const why = change.reasons.map(({ text }) => text).join('; ');
  return { status: `ERROR: ${why}`, code: -1, seconds: NO_TIME };
}

/** In quotes where it would else be taken for two fields or lines. */
function field(text: string): string {
  return /[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
