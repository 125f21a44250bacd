import type { AbsolutePath } from '../lib/brand.js';
import { canonicalJson } from '../lib/json.js';
import type { Json } from '../lib/json.js';
import type { LedgerView } from './entry.js';
import { isTrashed } from './trash.js';

/**
 * The whole ledger as one JSON document, in pieces: sorted, one value a line, so that two exports
 * compare well. Says nothing that changes while the rows do not.
 */
export function* exportLedger(view: LedgerView): Generator<string> {
  const head = { format: 'flac2all-ledger-export', version: 1 };
  yield `{\n"format": "${head.format}",\n"version": ${head.version},\n`;
  yield `"lineage": ${JSON.stringify(view.lineage ?? null)},\n"serial": ${view.serial},\n`;
  yield* member('entries', byPath(view.entries));
  yield ',\n';
  yield* member('failures', byPath(view.failures));
  yield ',\n';
  yield* member('directories', [...view.directories].toSorted(byCodeUnit));
  yield '\n}\n';
}

/** Lines that `sha256sum -c` reads, sorted by path; without the trash. */
export function* sha256Sums(view: LedgerView): Generator<string> {
  for (const { path, output } of byPath(view.entries)) {
    if (isTrashed(path)) continue;
    const name = path.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
    yield `${name === path ? '' : '\\'}${output.sha256}  ${name}\n`;
  }
}

function* member(name: string, values: Iterable<unknown>): Generator<string> {
  yield `"${name}": [`;
  let isFirst = true;
  for (const value of values) {
    yield `${isFirst ? '\n' : ',\n'}${canonicalJson(value as Json)}`;
    isFirst = false;
  }
  yield isFirst ? ']' : '\n]';
}

/** Rows by their paths. */
interface Rows<T> {
  keys(): Iterable<AbsolutePath>;
  get(path: AbsolutePath): T | undefined;
}

/** One after the other, so that not all of them are held. */
function* byPath<T>(rows: Rows<T>): Generator<T, void> {
  for (const path of [...rows.keys()].toSorted(byCodeUnit)) {
    const row = rows.get(path);
    if (row !== undefined) yield row;
  }
}

function byCodeUnit(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
