import { join } from 'node:path';
import type { AbsolutePath } from '../lib/brand.js';
import type { Disk } from '../lib/disk.js';
import type { JsonObject } from '../lib/json.js';
import type { Entry, FailureRecord } from './entry.js';
import { journalEpoch } from './files.js';
import { openJournal, readJournal } from './journal.js';
import type { JournalWriter } from './journal.js';
import { textLines } from './lines.js';
import type { Lock } from './lock.js';
import { restoreRecord } from './record.js';
import type { JournalRecord, RunRecord } from './record.js';
import { RowCodec } from './row.js';
import { LedgerState } from './state.js';
import { storedPaths } from './stored-path.js';
import { Tables } from './tables.js';
import type { StatKey } from '../lib/stat-key.js';

/*
 * A journal outside the ledger, for work whose outputs somebody else puts into place later. Its
 * records are those of the ledger's journal; `staged` says that an output is whole in its part file.
 * Each run appends to a file of its own (`1.jsonl`, `2.jsonl`, ...), so that a process that was
 * thought dead and comes back cannot write between another one's lines.
 */

/** Where side journals stand, and the folder that their stored paths are relative to. */
export interface SidePlace {
  readonly folder: string;
  readonly base: AbsolutePath;
  readonly disk: Disk;
}

/** What all runs before wrote, in their order. */
export async function readSideJournals(place: SidePlace): Promise<LedgerState> {
  const { folder, base, disk } = place;
  const state = new LedgerState();
  const codec = new RowCodec(storedPaths(base), new Tables());
  const restore = (json: JsonObject): JournalRecord | undefined => restoreRecord(json, codec);
  for (const run of await runsIn(place)) {
    await readJournal(textLines(disk.readPieces(join(folder, `${run}.jsonl`))), restore, state);
  }
  return state;
}

async function runsIn({ folder, disk }: SidePlace): Promise<readonly number[]> {
  const runs = (await disk.list(folder)).flatMap((name) => journalEpoch(name) ?? []);
  return runs.toSorted((a, b) => a - b);
}

/** The journal of a run. Every method resolves when its record is on stable storage. */
export class SideJournal {
  /** What was written before and by this run. */
  readonly state: LedgerState;
  readonly #writer: JournalWriter;

  private constructor(state: LedgerState, writer: JournalWriter) {
    this.state = state;
    this.#writer = writer;
  }

  /** Begins the journal of a new run, under the lock of the folder. */
  static async begin(place: SidePlace, lock: Lock, run: RunRecord): Promise<SideJournal> {
    const { folder, base, disk } = place;
    const state = await readSideJournals(place);
    const last = (await runsIn(place)).at(-1) ?? 0;
    const path = join(folder, `${last + 1}.jsonl`);
    await disk.writeNew(path, []);
    await disk.syncDirectory(folder);
    const codec = new RowCodec(storedPaths(base), new Tables());
    const writer = await openJournal(
      disk,
      { path, count: 0 },
      {
        codec,
        onDurable: async (records) => {
          await lock.check();
          for (const record of records) state.apply(record);
        },
      },
    );
    const journal = new SideJournal(state, writer);
    await journal.#writer.append(run);
    return journal;
  }

  /** A part file may come to exist. */
  leased(output: AbsolutePath, part: AbsolutePath): Promise<void> {
    return this.#writer.append({ kind: 'leased', output, part });
  }

  /** The output is whole in `part`; `before` is what stands at its path, `undefined` for nothing. */
  staged(entry: Entry, part: AbsolutePath, before: StatKey | undefined): Promise<void> {
    const record = { kind: 'staged', entry, part } as const;
    return this.#writer.append(before === undefined ? record : { ...record, before });
  }

  failed(failure: FailureRecord): Promise<void> {
    return this.#writer.append({ kind: 'failed', failure });
  }

  /** The output's part files are gone. */
  released(output: AbsolutePath): Promise<void> {
    return this.#writer.append({ kind: 'released', output });
  }

  madeDirectories(made: readonly AbsolutePath[]): Promise<void> {
    return this.#writer.append({ kind: 'directories', made, removed: [] });
  }

  close(): Promise<void> {
    return this.#writer.close();
  }
}
