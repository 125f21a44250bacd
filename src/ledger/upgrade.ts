import type { Json, JsonObject } from '../lib/json.js';

/** The version of the format that this program writes. */
export const LEDGER_VERSION = 1;

/** Pure functions that bring what one version wrote to the next version. */
export interface Upgrader {
  readonly root: (old: JsonObject) => JsonObject;
  readonly row: (old: Json) => Json;
  readonly record: (old: JsonObject) => JsonObject;
}

/** By the version that they read. Version 1 is the first: there is nothing older to read. */
const UPGRADERS: ReadonlyMap<number, Upgrader> = new Map();

const KEEP: Upgrader = { root: (old) => old, row: (old) => old, record: (old) => old };

/**
 * The way from `version` to `target`, one step after the other; `undefined` when a step is missing,
 * that is when no released program wrote that version.
 */
export function upgraderFrom(
  version: number,
  upgraders: ReadonlyMap<number, Upgrader> = UPGRADERS,
  target: number = LEDGER_VERSION,
): Upgrader | undefined {
  if (version === target) return KEEP;
  const step = upgraders.get(version);
  const rest = step && upgraderFrom(version + 1, upgraders, target);
  if (step === undefined || rest === undefined) return undefined;
  return {
    root: (old) => rest.root(step.root(old)),
    row: (old) => rest.row(step.row(old)),
    record: (old) => rest.record(step.record(old)),
  };
}
