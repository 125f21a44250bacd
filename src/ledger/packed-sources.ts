import type { AbsolutePath, Sha256 } from '../lib/brand.js';
import type { StatKey } from '../lib/stat-key.js';
import type { AudioId, TagId } from '../sources/identity.js';
import type { SourceRecord } from './entry.js';
import type { ImageReader, ImageWriter } from './image-parts.js';
import { RecordReader, RecordWriter, SHA256_DIGITS } from './record-bytes.js';
import type { Span } from './path-forms.js';
import { hashOf, LENGTH_BYTES, offsetIn, RecordStore, sizeAt } from './record-store.js';
import { COLUMN } from './row-scan.js';
import type { RowScan } from './row-scan.js';
import { isStoredForm } from './stored-path.js';
import type { StoredPaths } from './stored-path.js';

/** What is recorded of sources; equal records are one. */
export class PackedSources {
  readonly #paths: StoredPaths;
  #records: RecordStore;
  readonly #writer = new RecordWriter();
  readonly #reader = new RecordReader();
  #views: (SourceView | undefined)[] | undefined;

  constructor(paths: StoredPaths, expected: number) {
    this.#paths = paths;
    this.#records = new RecordStore(expected);
  }

  static restore(paths: StoredPaths, from: ImageReader): PackedSources {
    const sources = new PackedSources(paths, 0);
    sources.#records = RecordStore.restore(from);
    return sources;
  }

  save(to: ImageWriter): void {
    this.#records.save(to);
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
      writer.byte(isRacy ? 1 : 0) &&
      writer.digits(bytes, scan.start(COLUMN.sourceStat), scan.end(COLUMN.sourceStat)) &&
      writer.text(bytes, scan.start(COLUMN.audioId), scan.end(COLUMN.audioId)) &&
      writer.text(bytes, scan.start(COLUMN.tagId), scan.end(COLUMN.tagId)) &&
      scan.length(COLUMN.sourceSha256) === SHA256_DIGITS &&
      writer.hex(bytes, scan.start(COLUMN.sourceSha256), SHA256_DIGITS);
    if (!isPacked) return -1;
    const hash = hashOf(writer.bytes, 0, writer.firstText);
    const known = this.#records.find(hash, writer.bytes, writer.length);
    return known >= 0 ? known : this.#records.add(hash, writer.bytes, writer.length);
  }

  /** The records of a path that are asked for. */
  of(path: AbsolutePath, isAsked: (number: number) => boolean): readonly SourceRecord[] {
    const writer = this.#writer;
    writer.begin();
    if (!writer.string(this.#paths.store(path))) return [];
    const records: SourceRecord[] = [];
    let number = this.#records.seek(hashOf(writer.bytes, 0, writer.length));
    for (; number >= 0; number = this.#records.next()) {
      const isIts = this.#records.beginsWith(number, writer.bytes, writer.length);
      if (isIts && isAsked(number)) records.push(this.view(number));
    }
    return records;
  }

  /** One and the same object for each number. */
  view(number: number): SourceRecord {
    // Asked for in any order: an array that grew by that would become a hash table.
    this.#views ??= Array.from({ length: this.#records.length });
    return (this.#views[number] ??= new SourceView(this, number));
  }

  at(number: number): SourceRecord {
    const reader = this.#read(number);
    const path = this.#paths.restore(reader.text());
    const racy = reader.byte() === 1;
    const source = {
      path,
      stat: reader.digits() as StatKey,
      audioId: reader.text() as AudioId,
      tagId: reader.text() as TagId,
      sha256: reader.hex(SHA256_DIGITS) as Sha256,
    };
    return racy ? { ...source, racy } : source;
  }

  /** The stored path. */
  span(number: number): Span {
    const address = this.#records.addressOf(number);
    const from = offsetIn(address) + LENGTH_BYTES;
    const bytes = this.#records.chunkOf(address);
    return { bytes, from, to: from + sizeAt(bytes, offsetIn(address)) };
  }

  path(number: number): AbsolutePath {
    return this.#paths.restore(this.#read(number).text());
  }

  isRacy(number: number): boolean {
    return this.#read(number, 'racy').byte() === 1;
  }

  stat(number: number): StatKey {
    return this.#read(number, 'stat').digits() as StatKey;
  }

  audioId(number: number): AudioId {
    return this.#read(number, 'audioId').text() as AudioId;
  }

  tagId(number: number): TagId {
    return this.#read(number, 'tagId').text() as TagId;
  }

  sha256(number: number): Sha256 {
    return this.#read(number, 'sha256').hex(SHA256_DIGITS) as Sha256;
  }

  /** At the begin of one of the record's parts; they follow each other like this. */
  #read(number: number, part: keyof SourceRecord = 'path'): RecordReader {
    const reader = this.#reader.open(this.#records, number);
    if (part === 'path') return reader;
    reader.skipText();
    if (part === 'racy') return reader;
    reader.byte();
    if (part === 'stat') return reader;
    reader.skipDigits();
    if (part === 'audioId') return reader;
    reader.skipText();
    if (part === 'tagId') return reader;
    reader.skipText();
    return reader;
  }
}

/** A record of which each part is read when it is asked for. */
class SourceView implements SourceRecord {
  readonly #sources: PackedSources;
  readonly #number: number;

  constructor(sources: PackedSources, number: number) {
    this.#sources = sources;
    this.#number = number;
  }

  get path(): AbsolutePath {
    return this.#sources.path(this.#number);
  }

  get stat(): StatKey {
    return this.#sources.stat(this.#number);
  }

  get audioId(): AudioId {
    return this.#sources.audioId(this.#number);
  }

  get tagId(): TagId {
    return this.#sources.tagId(this.#number);
  }

  get sha256(): Sha256 {
    return this.#sources.sha256(this.#number);
  }

  get racy(): true | undefined {
    return this.#sources.isRacy(this.#number) ? true : undefined;
  }
}
