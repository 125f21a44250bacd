import type { StatKey } from '../lib/stat-key.js';
import type { Recipe } from '../manifest/manifest.js';
import type { Glance, SourceRecord } from './entry.js';
import type { Making } from './packed-makings.js';

/** Where the parts of rows are, by the rows' numbers. */
interface RowParts {
  making(row: number): Pick<Making, 'set' | 'recipe' | 'encoder'>;
  source(row: number): SourceRecord;
  /** Of the output. */
  stat(row: number): StatKey;
  isUnverified(row: number): boolean;
}

/** A row of which each part is read when it is asked for. */
export class RowView implements Glance {
  readonly #rows: RowParts;
  readonly #row: number;

  constructor(rows: RowParts, row: number) {
    this.#rows = rows;
    this.#row = row;
  }

  get set(): string {
    return this.#rows.making(this.#row).set;
  }

  get recipe(): Recipe {
    return this.#rows.making(this.#row).recipe;
  }

  get encoder(): string {
    return this.#rows.making(this.#row).encoder;
  }

  get source(): SourceRecord {
    return this.#rows.source(this.#row);
  }

  get unverified(): true | undefined {
    return this.#rows.isUnverified(this.#row) ? true : undefined;
  }

  get stat(): StatKey {
    return this.#rows.stat(this.#row);
  }
}
