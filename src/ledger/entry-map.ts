import type { AbsolutePath } from '../lib/brand.js';
import { groupBy } from '../lib/group-by.js';
import type { Recipe } from '../manifest/manifest.js';
import type { Entries, Entry, Glance, SourceRecord } from './entry.js';
import type { ImageReader, ImageWriter } from './image-parts.js';
import { PackedRows } from './packed-rows.js';
import { RowCodec } from './row.js';
import { storedPaths } from './stored-path.js';
import { Tables } from './tables.js';

/**
 * The rows of a ledger by output path. Those of whole shards are packed; those that came since, or
 * could not be packed, are objects. A path has one row, in one of the two.
 */
export class EntryMap implements Entries {
  readonly #codec: RowCodec;
  #packed: PackedRows;
  readonly #others = new Map<AbsolutePath, Entry>();

  /** `expected`: how many rows will be packed, about. */
  constructor(
    codec: RowCodec = new RowCodec(storedPaths('/' as AbsolutePath), new Tables()),
    expected = 0,
  ) {
    this.#codec = codec;
    this.#packed = new PackedRows(codec, expected);
  }

  /** Takes over the packed rows of an image in the place of its own. Throws where they are none. */
  restore(from: ImageReader): void {
    this.#packed = PackedRows.restore(this.#codec, from);
  }

  /** Saves the packed rows, and returns those that are not. */
  save(to: ImageWriter): Iterable<Entry> {
    this.#packed.save(to);
    return this.#others.values();
  }

  get size(): number {
    return this.#packed.size + this.#others.size;
  }

  /**
   * Takes in a line of a whole shard without making objects of it, in the place of an older row of the
   * path; `bytes` are valid UTF-8. `false`: nothing was done, it must be parsed.
   */
  pack(bytes: Buffer, from: number, to: number): boolean {
    const row = this.#packed.add(bytes, from, to);
    if (row < 0) return false;
    if (this.#others.size > 0) this.#others.delete(this.#packed.path(row));
    return true;
  }

  set(path: AbsolutePath, entry: Entry): this {
    this.#packed.drop(this.#packed.find(path));
    this.#others.set(path, entry);
    return this;
  }

  delete(path: AbsolutePath): boolean {
    const row = this.#packed.find(path);
    this.#packed.drop(row);
    return this.#others.delete(path) || row >= 0;
  }

  /** Marks the row as unverified; returns whether that is new. */
  unverify(path: AbsolutePath): boolean {
    const row = this.#packed.find(path);
    if (row >= 0) return this.#packed.unverify(row);
    const entry = this.#others.get(path);
    if (entry === undefined || entry.unverified === true) return false;
    this.#others.set(path, { ...entry, unverified: true });
    return true;
  }

  has(path: AbsolutePath): boolean {
    return this.#packed.find(path) >= 0 || this.#others.has(path);
  }

  get(path: AbsolutePath): Entry | undefined {
    const row = this.#packed.find(path);
    return row >= 0 ? this.#packed.entry(row, path) : this.#others.get(path);
  }

  glance(path: AbsolutePath): Glance | undefined {
    const row = this.#packed.find(path);
    if (row >= 0) return this.#packed.glance(row);
    const entry = this.#others.get(path);
    return entry && { ...entry, stat: entry.output.stat };
  }

  *keys(): Generator<AbsolutePath, void> {
    for (const row of this.#rows()) yield this.#packed.path(row);
    yield* this.#others.keys();
  }

  *values(): Generator<Entry, void> {
    for (const row of this.#rows()) yield this.#packed.entry(row);
    yield* this.#others.values();
  }

  *[Symbol.iterator](): Generator<readonly [AbsolutePath, Entry], void> {
    for (const entry of this.values()) yield [entry.path, entry];
  }

  *without(paths: Iterable<AbsolutePath>): Generator<Entry, void> {
    const isNamed = new Uint8Array(this.#packed.length);
    const others = new Map(this.#others);
    for (const path of paths) {
      const row = this.#packed.find(path);
      if (row >= 0) isNamed[row] = 1;
      else others.delete(path);
    }
    for (const row of this.#rows()) if (isNamed[row] === 0) yield this.#packed.entry(row);
    yield* others.values();
  }

  recordedSources(
    counts: (recipe: Recipe) => boolean,
  ): (path: AbsolutePath) => readonly SourceRecord[] {
    const packed = this.#packed.recordedSources(counts);
    const counting = [...this.#others.values()].filter(({ recipe }) => counts(recipe));
    const others = groupBy(counting, ({ source }) => source.path);
    return (path) => {
      const rest = others.get(path);
      return rest === undefined
        ? packed(path)
        : [...packed(path), ...rest.map(({ source }) => source)];
    };
  }

  *#rows(): Generator<number, void> {
    for (let row = 0; row < this.#packed.length; row += 1) if (!this.#packed.isGone(row)) yield row;
  }
}
