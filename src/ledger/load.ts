import { isUtf8 } from 'node:buffer';
import { errorCode, errorMessage } from '../lib/failure.js';
import type { AbsolutePath, Sha256 } from '../lib/brand.js';
import type { Disk } from '../lib/disk.js';
import type { JsonObject } from '../lib/json.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import { absentAsUndefined } from './absent.js';
import { EntryMap } from './entry-map.js';
import { unreadable } from './failure.js';
import type { LedgerFailure } from './failure.js';
import { journalFile } from './files.js';
import type { LedgerFiles } from './files.js';
import { needsImage, readImage, removeImage, rowsOf, writeImage } from './image.js';
import { imageOf, takeImage } from './image-content.js';
import { readJournal } from './journal.js';
import { linesOf, textLines } from './lines.js';
import { loadRow } from './load-row.js';
import { restoreRecord } from './record.js';
import { parseRoot } from './root-file.js';
import type { ReadRoot, ShardRef } from './root-file.js';
import { isRow, RowCodec } from './row.js';
import { digestShard, readShard, rowIn } from './shard.js';
import { LedgerState } from './state.js';
import { storedPaths } from './stored-path.js';
import { Tables } from './tables.js';

/** Where a ledger is, and the folder that its stored paths are relative to. */
export interface LedgerPlace {
  readonly files: LedgerFiles;
  readonly base: AbsolutePath;
  readonly disk: Disk;
  /** From how many rows on an image of the shards is kept for the next time; otherwise none is written. */
  readonly imageFrom?: number;
  /** Rows are read from the shards themselves, image or not. */
  readonly ignoresImage?: boolean;
}

/** Everything that a ledger's files say, and what of them was damaged. */
export interface LoadedLedger {
  readonly state: LedgerState;
  readonly codec: RowCodec;
  /** `undefined`: there is no ledger yet. */
  readonly root: ReadRoot | undefined;
  /** The exact content of the root file. */
  readonly rootText: string | undefined;
  readonly damagedShards: readonly string[];
  readonly damagedJournals: readonly number[];
}

type Load = LoadedLedger & {
  readonly damagedShards: string[];
  readonly damagedJournals: number[];
};

/** What stands for whatever is no character. */
const REPLACEMENT = '\uFFFD';

/** A reader sees files vanish when a writer replaces the root; so often it starts again. */
const MAX_TRIES = 10;

/**
 * Reads root, shards and journals. Needs no lock: when the root is replaced meanwhile, it reads
 * again. Damage makes rows unverified; only a missing or damaged root is a failure.
 */
export async function loadLedger(place: LedgerPlace): Promise<Result<LoadedLedger, LedgerFailure>> {
  const { files } = place;
  for (let tries = 1; ; tries += 1) {
    try {
      const text = await readRoot(place);
      if (text === undefined) return await loadNothing(place);
      const root = parseRoot(text, files.root);
      if (!root.ok) return root;
      const loaded = await loadAll(place, text, root.value);
      const moved = loaded.damagedShards.length + loaded.damagedJournals.length > 0;
      if (!moved || tries >= MAX_TRIES || (await readRoot(place)) === text) return ok(loaded);
    } catch (error) {
      const code = errorCode(error);
      if (code === undefined) throw error;
      return err(unreadable(files.directory, errorMessage(error), error));
    }
  }
}

async function readRoot({ disk, files }: LedgerPlace): Promise<string | undefined> {
  return (await absentAsUndefined(() => disk.readFile(files.root)))?.toString('utf8');
}

/** No root: a new ledger, unless something is there that a root must have named. */
async function loadNothing(place: LedgerPlace): Promise<Result<LoadedLedger, LedgerFailure>> {
  const { disk, files } = place;
  const shards = await disk.list(files.shards);
  const journals = await disk.list(files.journals);
  // The very first journal is created, empty, before the root that names it.
  const stats = await Promise.all(journals.map((name) => disk.lstat(`${files.journals}/${name}`)));
  const filled = stats.some((entry) => entry !== undefined && !entry.stat.startsWith('0:'));
  if (shards.length > 0 || filled) {
    const late = await readRoot(place);
    if (late !== undefined) return loadLedger(place);
    return err(unreadable(files.root, 'it is missing, but its shards or journals are there'));
  }
  return ok(newLoad(place, undefined, undefined));
}

function newLoad(
  { base }: LedgerPlace,
  rootText: string | undefined,
  root: ReadRoot | undefined,
): Load {
  const codec = new RowCodec(storedPaths(base), new Tables());
  const state = new LedgerState(new EntryMap(codec, rowsOf(root?.root.shards ?? [])));
  if (root !== undefined) codec.tables.addAll(root.root);
  return { state, codec, root, rootText, damagedShards: [], damagedJournals: [] };
}

async function loadAll(place: LedgerPlace, text: string, read: ReadRoot): Promise<LoadedLedger> {
  const { root } = read;
  const { load, covered } = await loadImage(place, text, read);
  const { state } = load;
  state.lineage = root.lineage;
  state.owner = root.owner;
  state.serial = root.serial;
  state.epoch = root.epoch;
  state.runs = root.runs ?? [];
  await loadShards(place, load, root.shards.slice(covered));
  await keepImage(place, load, covered);
  for (const epoch of root.journals) await loadJournal(place, load, epoch);
  const isWhole = load.damagedShards.length + load.damagedJournals.length === 0;
  // There is nothing that another manifest could take for its own.
  if (isWhole && state.isEmpty) state.owner = undefined;
  return load;
}

interface Begun {
  readonly load: Load;
  /** How many of the shards need not be read any more. */
  readonly covered: number;
}

/** Begins with what is in the image; with nothing where it is of no use. */
async function loadImage(place: LedgerPlace, text: string, read: ReadRoot): Promise<Begun> {
  const isUsed = !read.outdated && place.ignoresImage !== true;
  const image = isUsed ? await readImage(place, read.root.shards) : undefined;
  if (image !== undefined) {
    const load = newLoad(place, text, read);
    if (takeImage(image.parts, load)) return { load, covered: image.covered };
  }
  return { load: newLoad(place, text, read), covered: 0 };
}

async function keepImage(place: LedgerPlace, load: Load, covered: number): Promise<void> {
  const { imageFrom } = place;
  if (imageFrom === undefined || load.root === undefined) return;
  const { shards } = load.root.root;
  const isWhole = load.damagedShards.length === 0 && !load.root.outdated;
  if (isWhole && rowsOf(shards) >= imageFrom) {
    if (needsImage(shards, covered)) await writeImage(place, shards, imageOf(load));
  } else if (covered === 0) await removeImage(place);
}

/** The next one's digest is worked out while the rows of one are read. */
async function loadShards(
  place: LedgerPlace,
  load: Load,
  refs: readonly ShardRef[],
): Promise<void> {
  const begin = (ref: ShardRef | undefined) => ref && digestShard(place, ref);
  let next = begin(refs[0]);
  for (const [at, ref] of refs.entries()) {
    const digest = next;
    next = begin(refs[at + 1]);
    await loadShard(place, load, { ref, digest });
  }
}

async function loadShard(
  place: LedgerPlace,
  load: Load,
  { ref, digest }: { readonly ref: ShardRef; readonly digest: Promise<Sha256> | undefined },
): Promise<void> {
  const { state } = load;
  const counts = { found: 0, loaded: 0 };
  let whole = false;
  await absentAsUndefined(async () => {
    const content = await readShard(place, ref, digest);
    whole = content.whole;
    for await (const piece of content.pieces) loadPiece(load, { piece, whole, counts });
  });
  if (whole && counts.loaded === ref.rows) return;
  load.damagedShards.push(ref.file);
  // A lost row may have overridden or ended one of an older shard.
  if (whole || counts.found < ref.rows) state.distrust();
  else state.serial += 1;
}

interface ShardPiece {
  readonly piece: Buffer;
  readonly whole: boolean;
  /** How many rows there are, and how many could be understood. */
  readonly counts: { found: number; loaded: number };
}

function loadPiece(load: Load, { piece, whole, counts }: ShardPiece): void {
  const { state, codec, root } = load;
  const mark = whole ? {} : { unverified: true as const };
  const packs = whole && root?.outdated === false && isPlain(piece);
  for (const [from, to] of linesOf(piece)) {
    if (packs && state.entries.pack(piece, from, to)) {
      counts.found += 1;
      counts.loaded += 1;
      continue;
    }
    const stored = rowIn(piece.toString('utf8', from, to), whole);
    if (stored === undefined) continue;
    counts.found += 1;
    const row = root === undefined ? stored : root.upgrader.row(stored);
    if (isRow(row) && loadRow(state, codec, { row, mark })) counts.loaded += 1;
  }
}

/** Every text in it is that of its bytes and of no others. */
function isPlain(bytes: Buffer): boolean {
  return isUtf8(bytes) && !bytes.includes(REPLACEMENT);
}

async function loadJournal(place: LedgerPlace, load: Load, epoch: number): Promise<void> {
  const { state, codec, root } = load;
  const restore = (json: JsonObject) => restoreRecord(root?.upgrader.record(json) ?? json, codec);
  const lines = textLines(place.disk.readPieces(journalFile(place.files, epoch)));
  const damaged = await absentAsUndefined(() => readJournal(lines, restore, state));
  if (damaged === undefined) state.distrust();
  if (damaged !== false) load.damagedJournals.push(epoch);
}
