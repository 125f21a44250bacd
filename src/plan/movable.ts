import type { Entry } from '../ledger/entry.js';
import type { Desired } from './action.js';
import { isOurs } from './decide-unwanted.js';
import type { DiskFact } from './disk-fact.js';
import { MISSING } from './disk-fact.js';
import { findHeirs } from './heirs.js';
import type { PlanInput } from './make-plan.js';
import { sameRecipe } from './recipe-diff.js';
import { recipeOf } from './sidecar.js';

/**
 * Which outputs take over the file of which row. Rows to take from: `orphans`, which nothing wants
 * any more, and those whose path is to hold other audio now. Another name of one and the same file
 * goes to the output of that name, whatever it holds.
 */
export function heirsAmong(
  orphans: readonly Entry[],
  input: PlanInput,
): ReadonlyMap<Desired, Entry> {
  const rows = orphans.filter(
    (entry) => !input.unseen(entry.source.path) && isUsable(entry, factAt(entry, input), input),
  );
  const orphaned = new Map(rows.map((entry) => [entry.path, entry]));
  const aliases = new Map<Desired, Entry>();
  const lacking: Desired[] = [];
  for (const wanted of input.desired) {
    const entry = input.ledger.entries.get(wanted.output);
    const there = input.disk.get(wanted.output) ?? MISSING;
    const alias = there.kind === 'file' && there.alias ? orphaned.get(there.alias) : undefined;
    if (alias !== undefined) {
      aliases.set(wanted, alias);
    } else if (there.kind === 'missing') {
      lacking.push(wanted);
    } else if (entry !== undefined && lacksAudio(wanted, entry) && isOurs(entry, there)) {
      lacking.push(wanted);
      if (isUsable(entry, there, input)) rows.push(entry);
    }
  }
  const taken = new Set(aliases.values());
  const found = findHeirs(
    lacking,
    rows.filter((row) => !taken.has(row)),
  );
  return new Map([...aliases, ...found]);
}

function factAt({ path }: Entry, { disk }: PlanInput): DiskFact {
  return disk.get(path) ?? MISSING;
}

/** Whether the file is what the row says, and what an encode would make now. */
function isUsable(entry: Entry, there: DiskFact, input: PlanInput): boolean {
  if (entry.unverified === true || !isOurs(entry, there)) return false;
  const now = input.encoders?.get(entry.recipe.audio.codec);
  return now === undefined || now === entry.encoder;
}

function lacksAudio(wanted: Desired, entry: Entry): boolean {
  const { identity } = wanted.source;
  if (entry.unverified === true || wanted.source.problem !== undefined) return false;
  if (identity !== undefined && identity.audioId !== entry.source.audioId) return true;
  return !wanted.sidecar && !sameRecipe(entry.recipe.audio, recipeOf(wanted).audio);
}
