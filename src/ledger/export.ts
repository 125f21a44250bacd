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

function* member(name: string, values: readonly unknown[]): Generator<string> {
  yield `"${name}": [`;
  for (const [index, value] of values.entries()) {
    yield `${index === 0 ? '\n' : ',\n'}${canonicalJson(value as Json)}`;
  }
  yield values.length === 0 ? ']' : '\n]';
}

function byPath<T extends { readonly path: string }>(rows: ReadonlyMap<string, T>): readonly T[] {
  return [...rows.values()].toSorted((a, b) => byCodeUnit(a.path, b.path));
}

function byCodeUnit(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
