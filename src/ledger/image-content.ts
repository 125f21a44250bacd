import type { Entry } from './entry.js';
import { ImageWriter } from './image-parts.js';
import type { ImageReader } from './image-parts.js';
import { loadRow } from './load-row.js';
import type { Row, RowCodec } from './row.js';
import type { LedgerState } from './state.js';

/** A text of all of them could be longer than a text may be. */
const ROWS_AT_ONCE = 1000;

interface Content {
  readonly state: LedgerState;
  readonly codec: RowCodec;
}

/** The parts of an image: rows that are not packed, some at a time, an empty text, packed rows. */
export function imageOf({ state, codec }: Content): ImageWriter {
  const packed = new ImageWriter();
  const others = state.entries.save(packed);
  const image = new ImageWriter();
  let some: Row[] = [];
  for (const row of unpackedRows(others, { state, codec })) {
    if (some.push(row) < ROWS_AT_ONCE) continue;
    image.text(JSON.stringify(some));
    some = [];
  }
  if (some.length > 0) image.text(JSON.stringify(some));
  image.text('');
  for (const part of packed.parts) image.parts.push(part);
  return image;
}

function* unpackedRows(others: Iterable<Entry>, { state, codec }: Content): Generator<Row> {
  for (const entry of others) yield codec.entryRow(entry);
  for (const failure of state.failures.values()) yield codec.failureRow(failure);
  for (const path of state.directories) yield ['directory', codec.paths.store(path)];
}

/**
 * Takes the parts of an image into an empty state. `false`: something in it cannot be understood, and what
 * the state holds is not to be used.
 */
export function takeImage(parts: ImageReader, { state, codec }: Content): boolean {
  try {
    for (let text = parts.text(); text !== ''; text = parts.text()) {
      const rows = JSON.parse(text) as readonly Row[];
      if (!rows.every((row) => loadRow(state, codec, { row, mark: {} }))) return false;
    }
    state.entries.restore(parts);
    return true;
  } catch {
    return false;
  }
}
