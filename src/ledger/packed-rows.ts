import type { AbsolutePath, Sha256 } from '../lib/brand.js';
import type { StatKey } from '../lib/stat-key.js';
import type { Recipe } from '../manifest/manifest.js';
import type { Entry, Glance, SourceRecord } from './entry.js';
import type { ImageReader, ImageWriter } from './image-parts.js';
import { PackedMakings } from './packed-makings.js';
import type { Making } from './packed-makings.js';
import { PackedSources } from './packed-sources.js';
import { PathForms } from './path-forms.js';
import type { Span } from './path-forms.js';
import { formAt, RecordReader, RecordWriter, SHA256_DIGITS } from './record-bytes.js';
import { hashOf, Integers, LENGTH_BYTES, offsetIn, RecordStore } from './record-store.js';
import type { RowCodec } from './row.js';
import { flagsOf } from './row-flags.js';
import { COLUMN, RowScan } from './row-scan.js';
import { RowView } from './row-view.js';
import { isStoredForm } from './stored-path.js';
import type { StoredPaths } from './stored-path.js';

const GONE = 1;
const UNVERIFIED = 2;

/**
 * Rows as bytes: a million of them take about 230 MB and no object each. A row is a record of its own
 * (path, mostly as a form of its source's; stat, samples, time and duration, checksum); its source and how
 * it was made are two others, which it shares with the rows of the same. What is asked for is unpacked each
 * time. Rows are numbered from 0 in the order in which they came; one that is gone keeps its number.
 */
export class PackedRows {
  readonly #paths: StoredPaths;
  #sources: PackedSources;
  #makings: PackedMakings;
  #records: RecordStore;
  #source: Integers;
  #making: Integers;
  #marks: Integers;
  /** The last row of each source, and the one before it of each row; + 1. */
  #youngest = new Integers();
  #elder: Integers;
  readonly #scan = new RowScan();
  #forms = new PathForms();
  readonly #writer = new RecordWriter();
  /** The path that is sought. */
  readonly #key = new RecordWriter();
  readonly #reader = new RecordReader();
  #size = 0;
  /** The same path is mostly asked for more than once. */
  #lastPath: AbsolutePath | undefined;
  #lastRow = -1;
  /** What was asked for after each row: rows are asked for in the same order again and again. */
  #follower: Integers;
  #lastFound = 0;
  #foundBefore = 0;

  constructor({ paths, tables }: RowCodec, expected: number) {
    this.#paths = paths;
    this.#records = new RecordStore(expected);
    this.#source = new Integers(expected);
    this.#making = new Integers(expected);
    this.#marks = new Integers(expected);
    this.#elder = new Integers(expected);
    this.#follower = new Integers(expected);
    this.#sources = new PackedSources(paths, expected / 2);
    this.#makings = new PackedMakings(tables);
  }

  /** Rows as `save` left them. Throws a RangeError where the tables do not know what they name. */
  static restore(codec: RowCodec, from: ImageReader): PackedRows {
    const rows = new PackedRows(codec, 0);
    rows.#size = from.number();
    rows.#sources = PackedSources.restore(codec.paths, from);
    rows.#makings = PackedMakings.restore(codec.tables, from);
    rows.#forms = PathForms.restore(from);
    rows.#records = RecordStore.restore(from);
    rows.#source = Integers.restore(from);
    rows.#making = Integers.restore(from);
    rows.#marks = Integers.restore(from);
    rows.#youngest = Integers.restore(from);
    rows.#elder = Integers.restore(from);
    rows.#follower = Integers.restore(from);
    return rows;
  }

  save(to: ImageWriter): void {
    to.number(this.#size);
    this.#sources.save(to);
    this.#makings.save(to);
    this.#forms.save(to);
    this.#records.save(to);
    for (const column of [this.#source, this.#making, this.#marks]) column.save(to);
    for (const column of [this.#youngest, this.#elder, this.#follower]) column.save(to);
  }

  /** How many there are without those that are gone. */
  get size(): number {
    return this.#size;
  }

  get length(): number {
    return this.#records.length;
  }

  /**
   * Takes in a line of a shard (valid UTF-8, without its line end); the row before of its path is gone then.
   * Returns its number; -1: it is no plain row of an output, or its recipe or encoder is unknown.
   */
  add(bytes: Buffer, from: number, to: number): number {
    const scan = this.#scan;
    const writer = this.#writer;
    const isPacked = scan.read(bytes, from, to) && this.#records.hasRoom && this.#pack(scan);
    const flags = isPacked ? flagsOf(scan) : undefined;
    if (flags === undefined) return -1;
    const making = this.#makings.add(scan);
    const source = making < 0 ? -1 : this.#sources.add(scan, flags.isRacy);
    if (source < 0) return -1;
    const hash = hashOf(this.#key.bytes, 0, this.#key.length);
    this.drop(this.#seek(hash));
    this.#lastPath = undefined;
    this.#size += 1;
    this.#source.push(source);
    this.#making.push(making);
    this.#marks.push(flags.isUnverified ? UNVERIFIED : 0);
    if (source === this.#youngest.length) this.#youngest.push(0);
    this.#elder.push(this.#youngest.at(source));
    this.#youngest.set(source, this.#elder.length);
    this.#follower.push(this.#elder.length);
    return this.#records.add(hash, writer.bytes, writer.length);
  }

  /** The number of the row of a path; -1: there is none, or it is gone. */
  find(path: AbsolutePath): number {
    if (path === this.#lastPath) return this.#lastRow;
    if (this.#size === 0) return -1;
    const stored = this.#paths.store(path);
    const guess = this.#follower.at(this.#lastFound);
    const row = this.#isAt(guess, stored) ? guess : this.#leap(stored);
    if (row >= 0) {
      if (row !== guess) this.#follower.set(this.#lastFound, row);
      this.#foundBefore = this.#lastFound;
      this.#lastFound = row;
    }
    this.#lastRow = row;
    this.#lastPath = path;
    return row;
  }

  drop(row: number): void {
    if (row < 0 || this.isGone(row)) return;
    this.#marks.set(row, GONE);
    this.#size -= 1;
    this.#lastPath = undefined;
  }

  isGone(row: number): boolean {
    return this.#marks.at(row) === GONE;
  }

  isUnverified(row: number): boolean {
    return this.#marks.at(row) === UNVERIFIED;
  }

  /** Returns whether it was verified. */
  unverify(row: number): boolean {
    const isVerified = this.#marks.at(row) === 0;
    if (isVerified) this.#marks.set(row, UNVERIFIED);
    return isVerified;
  }

  path(row: number): AbsolutePath {
    const form = this.#form(row);
    const stored =
      form < 0 ? this.#read(row).text() : this.#forms.path(form, this.#sourcePath(row));
    return this.#paths.restore(stored);
  }

  /** `path`: the row's, where it is at hand. */
  entry(row: number, path: AbsolutePath = this.path(row)): Entry {
    const { set, recipe, encoder, run, worker } = this.making(row);
    const reader = this.#read(row);
    reader.skipText();
    const stat = reader.digits() as StatKey;
    const samples = Number(reader.digits());
    const at = reader.digits();
    const ms = Number(reader.digits());
    const entry: Entry = {
      path,
      set,
      source: this.#sources.at(this.#source.at(row)),
      recipe,
      encoder,
      output: { stat, sha256: reader.hex(SHA256_DIGITS) as Sha256, samples },
      made: { at, run, worker, ms },
    };
    return this.isUnverified(row) ? { ...entry, unverified: true } : entry;
  }

  glance(row: number): Glance {
    return new RowView(this, row);
  }

  making(row: number): Making {
    return this.#makings.at(this.#making.at(row));
  }

  source(row: number): SourceRecord {
    return this.#sources.view(this.#source.at(row));
  }

  stat(row: number): StatKey {
    const reader = this.#read(row);
    reader.skipText();
    return reader.digits() as StatKey;
  }

  recordedSources(
    counts: (recipe: Recipe) => boolean,
  ): (path: AbsolutePath) => readonly SourceRecord[] {
    const isMadeFrom = (source: number): boolean => {
      for (let row = this.#youngest.at(source) - 1; row >= 0; row = this.#elder.at(row) - 1)
        if (!this.isGone(row) && counts(this.making(row).recipe)) return true;
      return false;
    };
    return (path) => this.#sources.of(path, isMadeFrom);
  }

  /** Packs a row, but for what it shares with others; its path beside it, to be sought. */
  #pack(scan: RowScan): boolean {
    const { bytes } = scan;
    const writer = this.#writer;
    const path = { bytes, from: scan.start(COLUMN.path), to: scan.end(COLUMN.path) };
    this.#key.begin();
    if (!isStoredForm(this.#paths, bytes, path)) return false;
    if (!this.#key.text(bytes, path.from, path.to)) return false;
    const [from, to] = [scan.start(COLUMN.sourcePath), scan.end(COLUMN.sourcePath)];
    const form = this.#forms.of(path, { bytes, from, to });
    writer.begin();
    return (
      (form < 0 ? writer.text(bytes, path.from, path.to) : writer.form(form)) &&
      writer.digits(bytes, scan.start(COLUMN.stat), scan.end(COLUMN.stat)) &&
      writer.digits(bytes, scan.start(COLUMN.samples), scan.end(COLUMN.samples)) &&
      writer.digits(bytes, scan.start(COLUMN.at), scan.end(COLUMN.at)) &&
      writer.digits(bytes, scan.start(COLUMN.ms), scan.end(COLUMN.ms)) &&
      scan.length(COLUMN.sha256) === SHA256_DIGITS &&
      writer.hex(bytes, scan.start(COLUMN.sha256), SHA256_DIGITS)
    );
  }

  /** Says no of what is not in ASCII. */
  #isAt(row: number, stored: string): boolean {
    if (row >= this.length || this.isGone(row)) return false;
    const form = this.#form(row);
    if (form < 0) return this.#records.beginsWithText(row, stored);
    return this.#forms.isText(form, this.#sourcePath(row), stored);
  }

  /** Outputs of several sets lie side by side, and are asked for set by set. */
  #leap(stored: string): number {
    const row = 2 * this.#lastFound - this.#foundBefore;
    return row >= 0 && this.#isAt(row, stored) ? row : this.#search(stored);
  }

  #search(stored: string): number {
    const key = this.#key;
    key.begin();
    if (!key.string(stored)) return -1;
    return this.#seek(hashOf(key.bytes, 0, key.length));
  }

  /** The row of the path that is the key. */
  #seek(hash: number): number {
    let row = this.#records.seek(hash);
    while (row >= 0 && (this.isGone(row) || !this.#isOfKey(row))) row = this.#records.next();
    return row;
  }

  #isOfKey(row: number): boolean {
    const { bytes, length } = this.#key;
    const form = this.#form(row);
    if (form < 0) return this.#records.beginsWith(row, bytes, length);
    const path = { bytes, from: LENGTH_BYTES, to: length };
    return this.#forms.isPath(form, this.#sourcePath(row), path);
  }

  /** -1: the row's path stands in its record. */
  #form(row: number): number {
    const address = this.#records.addressOf(row);
    return formAt(this.#records.chunkOf(address), offsetIn(address));
  }

  #sourcePath(row: number): Span {
    return this.#sources.span(this.#source.at(row));
  }

  #read(row: number): RecordReader {
    return this.#reader.open(this.#records, row);
  }
}
