import type { AbsolutePath, Sha256 } from '../lib/brand.js';
import type { StatKey } from '../lib/stat-key.js';
import type { AudioId, TagId } from '../sources/identity.js';
import type { SourceRecord } from './entry.js';
import { RecordReader, RecordWriter, SHA256_DIGITS } from './record-bytes.js';
import { hashOf, RecordStore } from './record-store.js';
import { COLUMN } from './row-scan.js';
import type { RowScan } from './row-scan.js';
import { isStoredForm } from './stored-path.js';
import type { StoredPaths } from './stored-path.js';

/** What is recorded of sources; equal records are one. */
export class PackedSources {
  readonly #paths: StoredPaths;
  readonly #records: RecordStore;
  readonly #writer = new RecordWriter();
  readonly #reader = new RecordReader();

  constructor(paths: StoredPaths, expected: number) {
    this.#paths = paths;
    this.#records = new RecordStore(expected);
  }

  /** The number of a row's source; -1: it cannot be packed. */
  add(scan: RowScan, isRacy: boolean): number {
    const { bytes } = scan;
    const writer = this.#writer;
    const [path, end] = [scan.start(COLUMN.sourcePath), scan.end(COLUMN.sourcePath)];
    writer.begin();
    const isPacked =
      this.#records.hasRoom &&
      isStoredForm(this.#paths, bytes, { from: path, to: end }) &&
      writer.text(bytes, path, end) &&
      writer.digits(bytes, scan.start(COLUMN.sourceStat), scan.end(COLUMN.sourceStat)) &&
      writer.text(bytes, scan.start(COLUMN.audioId), scan.end(COLUMN.audioId)) &&
      writer.text(bytes, scan.start(COLUMN.tagId), scan.end(COLUMN.tagId)) &&
      scan.length(COLUMN.sourceSha256) === SHA256_DIGITS &&
      writer.hex(bytes, scan.start(COLUMN.sourceSha256), SHA256_DIGITS);
    if (!isPacked) return -1;
    writer.byte(isRacy ? 1 : 0);
    const hash = hashOf(writer.bytes, 0, writer.firstText);
    const known = this.#records.find(hash, writer.bytes, writer.length);
    return known >= 0 ? known : this.#records.add(hash, writer.bytes, writer.length);
  }

  /** The numbers of all records of a path. */
  of(path: AbsolutePath): readonly number[] {
    const writer = this.#writer;
    writer.begin();
    if (!writer.string(this.#paths.store(path))) return [];
    const numbers: number[] = [];
    let number = this.#records.seek(hashOf(writer.bytes, 0, writer.length));
    for (; number >= 0; number = this.#records.next()) {
      if (this.#records.beginsWith(number, writer.bytes, writer.length)) numbers.push(number);
    }
    return numbers;
  }

  /** `path`: the record's, where it is at hand. */
  at(number: number, path?: AbsolutePath): SourceRecord {
    const reader = this.#read(number);
    if (path !== undefined) reader.skipText();
    const source = {
      path: path ?? this.#paths.restore(reader.text()),
      stat: reader.digits() as StatKey,
      audioId: reader.text() as AudioId,
      tagId: reader.text() as TagId,
      sha256: reader.hex(SHA256_DIGITS) as Sha256,
    };
    return reader.byte() === 1 ? { ...source, racy: true } : source;
  }

  audioIdAt(number: number): AudioId {
    const reader = this.#read(number);
    reader.skipText();
    reader.skipDigits();
    return reader.text() as AudioId;
  }

  #read(number: number): RecordReader {
    return this.#reader.open(this.#records, number);
  }
}
