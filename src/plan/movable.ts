import { extname } from 'node:path/posix';
import { isAdopted, isToBeReplaced } from '../ledger/adopted.js';
import type { Entry, Glance } from '../ledger/entry.js';
import type { AudioRecipe, Manifest } from '../manifest/manifest.js';
import type { Desired } from './action.js';
import { isOurs } from './decide-unwanted.js';
import type { DiskFact } from './disk-fact.js';
import { MISSING } from './disk-fact.js';
import { findHeirs } from './heirs.js';
import type { PlanInput } from './make-plan.js';
import { sameRecipe } from './recipe-diff.js';
import { recipeOf } from './sidecar.js';

/**
 * Which wanted outputs take over the file of which row. Rows to take from: `orphans`, which nothing wants
 * any more, and those whose path is to hold other audio now. Another name of one and the same file
 * goes to the output of that name, whatever it holds.
 */
export function heirsAmong(
  orphans: readonly Entry[],
  wishes: readonly Desired[],
  input: PlanInput,
): ReadonlyMap<Desired, Entry> {
  const rows = orphans.filter(
    (entry) =>
      !input.unseen(entry.source.path) &&
      isUsable(entry, factAt(entry, input), input) &&
      input.linkInTheWay(entry.path) === undefined,
  );
  const orphaned = new Map(rows.map((entry) => [entry.path, entry]));
  const aliases = new Map<Desired, Entry>();
  const lacking: Desired[] = [];
  for (const wanted of wishes) {
    const row = input.ledger.entries.glance(wanted.output);
    const there = input.disk.get(wanted.output) ?? MISSING;
    const alias = there.kind === 'file' && there.alias ? orphaned.get(there.alias) : undefined;
    if (alias !== undefined) {
      aliases.set(wanted, alias);
    } else if (there.kind === 'missing') {
      lacking.push(wanted);
    } else if (row !== undefined && lacksAudio(wanted, row)) {
      const entry = input.ledger.entries.get(wanted.output);
      if (entry === undefined || !isOurs(entry, there)) continue;
      lacking.push(wanted);
      if (isUsable(entry, there, input)) rows.push(entry);
    }
  }
  const taken = new Set(aliases.values());
  const found = findHeirs(
    lacking,
    rows.filter((row) => !taken.has(row)),
    (row) => audioRecipeOf(row, input.manifest),
  );
  return new Map([...aliases, ...found]);
}

function factAt({ path }: Entry, { disk }: PlanInput): DiskFact {
  return disk.get(path) ?? MISSING;
}

/** Whether the file is what the row says, and what an encode would make now. */
function isUsable(entry: Entry, there: DiskFact, input: PlanInput): boolean {
  if (entry.unverified === true || isToBeReplaced(entry) || !isOurs(entry, there)) return false;
  const now = encoderOf(entry, input);
  return now === undefined || now === entry.encoder;
}

/** What the program says of itself now that makes outputs of the row's recipe. */
function encoderOf({ recipe }: Entry, { encoders, manifest }: PlanInput): string | undefined {
  if (encoders === undefined) return undefined;
  const set = manifest.outputs.find(({ profile }) =>
    sameRecipe(profile.recipe.audio, recipe.audio),
  );
  return set && encoders.get(set.name);
}

/** An adopted output counts as what its output set wants, where that is a file of the same kind. */
function audioRecipeOf(row: Entry, { outputs }: Manifest): AudioRecipe {
  const set = isAdopted(row) ? outputs.find(({ name }) => name === row.set) : undefined;
  const fits = set?.profile.extension === extname(row.path).slice(1);
  return set !== undefined && fits ? set.profile.recipe.audio : row.recipe.audio;
}

function lacksAudio(wanted: Desired, entry: Glance): boolean {
  const { identity } = wanted.source;
  if (entry.unverified === true || wanted.source.problem !== undefined) return false;
  if (identity !== undefined && identity.audioId !== entry.source.audioId) return true;
  if (isAdopted(entry)) return isToBeReplaced(entry);
  return !wanted.sidecar && !sameRecipe(entry.recipe.audio, recipeOf(wanted).audio);
}
