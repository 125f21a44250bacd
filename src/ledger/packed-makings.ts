import type { Recipe } from '../manifest/manifest.js';
import type { ImageReader, ImageWriter } from './image-parts.js';
import { RecordReader, RecordWriter } from './record-bytes.js';
import { hashOf, RecordStore } from './record-store.js';
import { COLUMN } from './row-scan.js';
import type { RowScan } from './row-scan.js';
import type { Tables } from './tables.js';

const COLUMNS = [COLUMN.set, COLUMN.recipe, COLUMN.encoder, COLUMN.run, COLUMN.worker];

/** What the rows that one worker made in one run have in common. */
export interface Making {
  readonly set: string;
  readonly recipe: Recipe;
  readonly encoder: string;
  readonly run: string;
  readonly worker: string;
}

/** How rows were made, each way once. */
export class PackedMakings {
  readonly #tables: Tables;
  #records = new RecordStore();
  readonly #makings: Making[] = [];
  readonly #writer = new RecordWriter();
  readonly #reader = new RecordReader();

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  /** Throws a RangeError where the tables do not know a recipe or encoder. */
  static restore(tables: Tables, from: ImageReader): PackedMakings {
    const makings = new PackedMakings(tables);
    makings.#records = RecordStore.restore(from);
    for (let number = 0; number < makings.#records.length; number += 1) {
      const making = makings.#read(makings.#reader.open(makings.#records, number));
      if (making === undefined) throw new RangeError('the image has a recipe of its own');
      makings.#makings.push(making);
    }
    return makings;
  }

  save(to: ImageWriter): void {
    this.#records.save(to);
  }

  /** The number of a row's making; -1: recipe or encoder is unknown, or a name is too long. */
  add(scan: RowScan): number {
    const writer = this.#writer;
    writer.begin();
    for (const column of COLUMNS) {
      if (!writer.text(scan.bytes, scan.start(column), scan.end(column))) return -1;
    }
    const hash = hashOf(writer.bytes, 0, writer.length);
    const known = this.#records.find(hash, writer.bytes, writer.length);
    if (known >= 0) return known;
    const making = this.#read(this.#reader.begin(writer.bytes));
    if (making === undefined || !this.#records.hasRoom) return -1;
    this.#makings.push(making);
    return this.#records.add(hash, writer.bytes, writer.length);
  }

  at(number: number): Making {
    const making = this.#makings[number];
    if (making === undefined) throw new RangeError('no making has that number');
    return making;
  }

  #read(reader: RecordReader): Making | undefined {
    const set = reader.text();
    const recipe = this.#tables.recipe(reader.text());
    const encoder = this.#tables.encoder(reader.text());
    if (recipe === undefined || encoder === undefined) return undefined;
    return { set, recipe, encoder, run: reader.text(), worker: reader.text() };
  }
}
