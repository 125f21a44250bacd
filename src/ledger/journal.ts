import type { AppendFile, Disk } from '../lib/disk.js';
import { GroupCommit } from '../lib/group-commit.js';
import type { JsonObject } from '../lib/json.js';
import { checkedLine, checkedText } from './checked-line.js';
import { storeRecord } from './record.js';
import type { JournalRecord } from './record.js';
import type { RowCodec } from './row.js';

/*
 * A journal line is `<crc32> <seq> <durable> <record>`. `seq` counts from 1 without gaps; `durable`
 * is the last number that was synced before this line was written. The second number tells damage
 * from a tear: a batch that a power loss tore may leave later lines of that same batch behind, but
 * no line that calls a missing one durable.
 */

const NUMBERED = /^(\d+) (\d+) (\{.*\})$/;

/** What the records of a journal are told to, in their order. */
export interface JournalSink {
  apply(record: JournalRecord): void;
  /** Records that had been promised are lost; called before what follows them is applied. */
  distrust(): void;
}

interface NumberedRecord {
  readonly seq: number;
  readonly durable: number;
  readonly record: JournalRecord;
}

/** Understands one stored record; `undefined` when it cannot. */
export type RestoreRecord = (json: JsonObject) => JournalRecord | undefined;

/** Applies a journal; returns whether records are lost that had been promised. */
export async function readJournal(
  lines: AsyncIterable<readonly string[]>,
  restore: RestoreRecord,
  sink: JournalSink,
): Promise<boolean> {
  let last = 0;
  let missing: number | undefined;
  let damaged = false;
  for await (const batch of lines) {
    for (const line of batch) {
      const found = parseLine(line, restore);
      if (found === undefined || found.seq <= last) continue;
      if (found.seq > last + 1) missing ??= last + 1;
      if (missing !== undefined && found.durable >= missing) {
        sink.distrust();
        damaged = true;
        missing = undefined;
      }
      sink.apply(found.record);
      last = found.seq;
    }
  }
  return damaged;
}

function parseLine(line: string, restore: RestoreRecord): NumberedRecord | undefined {
  const parts = NUMBERED.exec(checkedText(line) ?? '');
  const [, seq, durable, text] = parts ?? [];
  if (text === undefined) return undefined;
  const record = restore(JSON.parse(text) as JsonObject);
  return record && { seq: Number(seq), durable: Number(durable), record };
}

/** The whole text of a new journal that begins with these records. */
export function journalText(records: readonly JournalRecord[], codec: RowCodec): string {
  return records.map((record, index) => journalLine([index + 1, 0], record, codec)).join('');
}

function journalLine(
  [seq, durable]: readonly [number, number],
  record: JournalRecord,
  codec: RowCodec,
): string {
  return checkedLine(`${seq} ${durable} ${JSON.stringify(storeRecord(record, codec))}`);
}

/** Opens a journal that holds `count` synced records for appending. */
export async function openJournal(
  disk: Disk,
  journal: { readonly path: string; readonly count: number },
  options: JournalOptions,
): Promise<JournalWriter> {
  return new JournalWriter(await disk.openAppend(journal.path), journal.count, options);
}

export interface JournalOptions {
  readonly codec: RowCodec;
  /** Called with the records of a batch as soon as they are on stable storage. */
  readonly onDurable: (records: readonly JournalRecord[]) => Promise<void>;
}

/** Appends records; callers share syncs. */
export class JournalWriter {
  readonly #file: AppendFile;
  readonly #options: JournalOptions;
  readonly #group: GroupCommit<JournalRecord>;
  #seq: number;

  constructor(file: AppendFile, count: number, options: JournalOptions) {
    this.#file = file;
    this.#seq = count;
    this.#options = options;
    this.#group = new GroupCommit((batch) => this.#flush(batch));
  }

  /** Resolves when the record is on stable storage and `onDurable` has seen it. */
  append(record: JournalRecord): Promise<void> {
    return this.#group.add(record);
  }

  /** Waits for what was appended, successfully or not, and closes the file. */
  async close(): Promise<void> {
    await this.#group.idle();
    await this.#file.close();
  }

  async #flush(batch: readonly JournalRecord[]): Promise<void> {
    const durable = this.#seq;
    const { codec, onDurable } = this.#options;
    const lines = batch.map((record) => journalLine([(this.#seq += 1), durable], record, codec));
    await this.#file.append(lines.join(''));
    await this.#file.sync();
    await onDurable(batch);
  }
}
