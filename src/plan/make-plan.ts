import type { Entry, LedgerView } from '../ledger/entry.js';
import { isTrashed } from '../ledger/trash.js';
import type { AbsolutePath } from '../lib/brand.js';
import { isPartPath } from '../lib/file-name.js';
import type { Manifest } from '../manifest/manifest.js';
import type { Action, Change, Desired, Reason } from './action.js';
import { decideUnwanted } from './decide-unwanted.js';
import { decideWanted } from './decide-wanted.js';
import type { DiskView } from './disk-fact.js';
import { MISSING } from './disk-fact.js';
import { heirsAmong } from './movable.js';
import { findRivals } from './rivals.js';
import { settledAmong } from './settled.js';

/** What the planner knows; it asks nobody else. */
export interface PlanInput {
  readonly manifest: Manifest;
  readonly desired: readonly Desired[];
  readonly ledger: LedgerView;
  readonly disk: DiskView;
  /** Only changes of these outputs and sources are planned. */
  readonly targeted?: (output: AbsolutePath, source: AbsolutePath) => boolean;
  /** The scan could not look at the source, or at a folder that it lies in. */
  readonly unseen: (source: AbsolutePath) => boolean;
  /** The file is there although the scan did not take it: it was excluded. */
  readonly sourceExists: (source: AbsolutePath) => boolean;
  /** The symbolic link below its root through which a recorded output would be reached. */
  readonly linkInTheWay: (output: AbsolutePath) => AbsolutePath | undefined;
  /** Output set to what its encoder says of itself; only where the policy asks. */
  readonly encoders?: ReadonlyMap<string, string>;
  /** Outputs that failed before with the same inputs are tried again. */
  readonly retryFailed?: boolean;
  /** Files in the way that no row knows are replaced instead of reported. */
  readonly overwriteUnmanaged?: boolean;
  /** Outputs that are up to date are made again. */
  readonly force?: boolean;
}

export interface Plan {
  readonly manifestDigest: string;
  readonly lineage: string | undefined;
  readonly serial: number;
  /** In the order in which they were wanted, rows that nothing wants last; without `noop`. */
  readonly changes: readonly Change[];
  readonly counts: Readonly<Record<Action, number>>;
  /** Rows of the ledger that the plan looked at. */
  readonly rows: number;
}

/** Compares what is wanted with what was made and what is there. Pure. */
export function makePlan(input: PlanInput): Plan {
  const counts = noCounts();
  const changes: Change[] = [];
  const { trashed, orphans } = findUnwanted(input);
  const rivals = findRivals(input.desired);
  const targeted = targetsOf(input);
  const isSettled = settledAmong(input);
  const open: Desired[] = [];
  for (const wanted of input.desired) {
    if (rivals.has(wanted) || !isSettled(wanted)) open.push(wanted);
    else if (targeted(wanted.output, wanted.source.path)) counts.noop += 1;
  }
  for (const change of decide(input, { open, rivals, orphans })) {
    counts[change.action] += 1;
    if (change.action !== 'noop') changes.push(change);
  }
  return {
    manifestDigest: input.manifest.digest,
    lineage: input.ledger.lineage,
    serial: input.ledger.serial,
    changes,
    counts,
    rows: input.ledger.entries.size - trashed,
  };
}

/** Every decision, `noop` included, in the plan's order. */
export function decideAll(input: PlanInput): Iterable<Change> {
  const { orphans } = findUnwanted(input);
  return decide(input, { open: input.desired, rivals: findRivals(input.desired), orphans });
}

interface Undecided {
  /** Outputs that are not settled, and may have moves among them. */
  readonly open: readonly Desired[];
  readonly rivals: ReadonlyMap<Desired, readonly string[]>;
  readonly orphans: readonly Entry[];
}

function* decide(input: PlanInput, { open, rivals, orphans }: Undecided): Generator<Change> {
  const { ledger, disk } = input;
  const targeted = targetsOf(input);
  // Over all of them: a target may name a move by its old path or by its new one.
  const heirs = heirsAmong(orphans, open, input);
  const asked = askedOutputs(heirs, open, input);
  const replaces = input.overwriteUnmanaged === true || input.manifest.policy.onDrift === 'repair';
  const sources = new Set(replaces ? input.desired.map(({ source }) => source.stat) : []);
  for (const wanted of open) {
    if (!asked(wanted)) continue;
    const there = disk.get(wanted.output) ?? MISSING;
    yield decideWanted({
      desired: wanted,
      entry: ledger.entries.get(wanted.output),
      disk: there,
      isSource:
        there.kind === 'file' && (there.stat === wanted.source.stat || sources.has(there.stat)),
      failure: input.retryFailed ? undefined : ledger.failures.get(wanted.output),
      policy: input.manifest.policy,
      rivals: rivals.get(wanted) ?? [],
      staged: ledger.staged.get(wanted.output)?.entry,
      heir: heirs.get(wanted),
      overwrite: input.overwriteUnmanaged === true,
      force: input.force === true,
      encoder: wanted.sidecar ? undefined : input.encoders?.get(wanted.set.name),
    });
  }
  const inherited = new Set(heirs.values());
  for (const entry of orphans) {
    if (inherited.has(entry) || !targeted(entry.path, entry.source.path)) continue;
    yield decideOrphan(entry, input);
  }
}

function targetsOf({ targeted }: PlanInput): NonNullable<PlanInput['targeted']> {
  return targeted ?? (() => true);
}

/** Rows that nothing wants. */
interface Unwanted {
  /** By path. */
  readonly orphans: readonly Entry[];
  /** How many lie in the trash: they are no outputs any more. */
  readonly trashed: number;
}

function findUnwanted({ desired, ledger }: PlanInput): Unwanted {
  const orphans: Entry[] = [];
  let trashed = 0;
  for (const entry of ledger.entries.without(outputsOf(desired))) {
    if (isTrashed(entry.path)) trashed += 1;
    else orphans.push(entry);
  }
  return { orphans: orphans.toSorted((a, b) => (a.path < b.path ? -1 : 1)), trashed };
}

function* outputsOf(desired: readonly Desired[]): Generator<AbsolutePath, void> {
  for (const { output } of desired) yield output;
}

/**
 * Which outputs a target asks for: by their own path or source, by those of the row that moves to
 * them, and, so that no file that is still needed is replaced, those that take over a row from one
 * that is asked for.
 */
function askedOutputs(
  heirs: ReadonlyMap<Desired, Entry>,
  open: readonly Desired[],
  { targeted }: PlanInput,
): (wanted: Desired) => boolean {
  if (targeted === undefined) return () => true;
  const takers = new Map([...heirs].map(([wanted, row]) => [row.path, wanted]));
  const asked = new Set<Desired>();
  const ask = (wanted: Desired): void => {
    for (let at: Desired | undefined = wanted; at !== undefined && !asked.has(at);) {
      asked.add(at);
      at = takers.get(at.output);
    }
  };
  for (const wanted of open) {
    const heir = heirs.get(wanted);
    if (targeted(wanted.output, wanted.source.path)) ask(wanted);
    else if (heir !== undefined && targeted(heir.path, heir.source.path)) ask(wanted);
  }
  return (wanted) => asked.has(wanted);
}

function decideOrphan(entry: Entry, input: PlanInput): Change {
  const set = input.manifest.outputs.find((one) => one.name === entry.set);
  const { outputs } = input.manifest;
  return decideUnwanted({
    entry,
    disk: input.disk.get(entry.path) ?? MISSING,
    link: input.linkInTheWay(entry.path),
    why: whyUnwanted(entry, set !== undefined, input),
    prune:
      isPartPath(entry.path) ||
      (set?.prune ?? (outputs.length > 0 && outputs.every((one) => one.prune))),
    unseen: input.unseen(entry.source.path),
  });
}

function whyUnwanted(entry: Entry, setExists: boolean, input: PlanInput): Reason {
  if (isPartPath(entry.path))
    return { code: 'left-by-move', text: 'left by a move that was interrupted' };
  if (!setExists)
    return { code: 'profile-removed', text: `output ${entry.set} was removed from the manifest` };
  if (!input.sourceExists(entry.source.path))
    return { code: 'source-removed', text: 'source removed' };
  return { code: 'excluded', text: 'excluded: the manifest no longer asks for it' };
}

/** Zero of each action. */
export function noCounts(): Record<Action, number> {
  return {
    create: 0,
    update: 0,
    repair: 0,
    retag: 0,
    move: 0,
    adopt: 0,
    touch: 0,
    drift: 0,
    conflict: 0,
    error: 0,
    skip: 0,
    noop: 0,
    delete: 0,
    orphan: 0,
    forget: 0,
  };
}
