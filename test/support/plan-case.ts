import type { Entry, LedgerView } from '#src/ledger/entry.js';
import { EntryMap } from '#src/ledger/entry-map.js';
import type { AbsolutePath, Sha256 } from '#src/lib/brand.js';
import type { StatKey } from '#src/lib/stat-key.js';
import type { Manifest, OutputSet, Policy, Recipe } from '#src/manifest/manifest.js';
import type { Change, Desired } from '#src/plan/action.js';
import type { DiskFact } from '#src/plan/disk-fact.js';
import type { Plan, PlanInput } from '#src/plan/make-plan.js';
import { makePlan } from '#src/plan/make-plan.js';
import type { AudioId, TagId } from '#src/sources/identity.js';
import type { SourceFact } from '#src/sources/source.js';

export const path = (text: string): AbsolutePath => text as AbsolutePath;
export const audio = (name: string): AudioId => `flac:${name}/44100/44100/2/16` as AudioId;
export const tags = (name: string): TagId => `v:${name},p:-,c:-` as TagId;
export const sha = (digit: string): Sha256 => digit.repeat(64) as Sha256;
export const stat = (size: number, seconds = 1): StatKey =>
  `${size}:${seconds}000000000:${seconds}000000000:7` as StatKey;

export const opusRecipe: Recipe = {
  audio: { codec: 'opus', options: { bitrate: 128 }, args: [], limits: {} },
  tags: { id3: '2.4' },
};

export const recipe160: Recipe = {
  ...opusRecipe,
  audio: { ...opusRecipe.audio, options: { bitrate: 160 } },
};

export const policy: Policy = {
  onDrift: 'report',
  rebuildOnEncoderChange: false,
  maxDelete: { share: 0.2, atLeast: 10 },
  minAgeMs: 0,
  maxFailures: 1,
};

export function outputSet(overrides: Partial<OutputSet> = {}): OutputSet {
  return {
    name: 'phone',
    profile: { name: 'phone', codec: 'opus', extension: 'opus', recipe: opusRecipe },
    from: 'music',
    root: path('/out'),
    layout: 'mirror',
    names: 'keep',
    copy: [],
    passthrough: { how: 'copy', files: [] },
    playlists: [],
    prune: false,
    ...overrides,
  };
}

/** The same profile with another recipe. */
export function setWith(recipe: Recipe): OutputSet {
  return outputSet({ profile: { name: 'phone', codec: 'opus', extension: 'opus', recipe } });
}

export function manifest(outputs: readonly OutputSet[], changes: Partial<Policy> = {}): Manifest {
  return {
    file: path('/m/flac2all.yaml'),
    digest: 'manifest-1',
    stateDirectory: path('/m/.flac2all'),
    sources: [{ name: 'music', root: path('/in'), include: ['**/*.flac'], exclude: [] }],
    outputs,
    policy: { ...policy, ...changes },
    cluster: {
      bind: undefined,
      workers: 'auto',
      insecure: false,
      uniformTools: 'warn',
      advertise: undefined,
      providers: [],
    },
  };
}

export function source(rel: string, overrides: Partial<SourceFact> = {}): SourceFact {
  return {
    rel,
    path: path(`/in/${rel}`),
    stat: stat(1000),
    identity: { audioId: audio(rel), tagId: tags('t1') },
    audio: { samples: 44100, sampleRate: 44100, channels: 2, bits: 16 },
    fields: undefined,
    problem: undefined,
    ...overrides,
  };
}

/** The row that an undisturbed run writes for the output of `rel`. */
export function entry(rel: string, overrides: Partial<Entry> = {}): Entry {
  const output = `/out/${rel.replace(/\.flac$/, '.opus')}`;
  return {
    path: path(output),
    set: 'phone',
    source: {
      path: path(`/in/${rel}`),
      stat: stat(1000),
      audioId: audio(rel),
      tagId: tags('t1'),
      sha256: sha('5'),
    },
    recipe: opusRecipe,
    encoder: 'opusenc 0.2',
    output: { stat: stat(100), sha256: sha('a'), samples: 44100 },
    made: { at: '2026-01-01T00:00:00.000Z', run: 'r1', worker: 'host/0', ms: 10 },
    ...overrides,
  };
}

export function entryMap(entries: Iterable<Entry>): EntryMap {
  const map = new EntryMap();
  for (const one of entries) map.set(one.path, one);
  return map;
}

export function ledger(
  entries: readonly Entry[],
  rest: Partial<Pick<LedgerView, 'failures' | 'staged'>> = {},
): LedgerView {
  return {
    entries: entryMap(entries),
    failures: new Map(),
    staged: new Map(),
    lineage: 'lineage',
    owner: 'flac2all.yaml',
    directories: new Set(),
    runs: [],
    serial: 3,
    epoch: 4,
    ...rest,
  };
}

/** The file of an undisturbed row. */
export function fileOf(one: Entry): [AbsolutePath, DiskFact] {
  return [one.path, { kind: 'file', stat: one.output.stat }];
}

export interface Case {
  readonly outputs?: readonly OutputSet[];
  readonly sources?: readonly SourceFact[];
  readonly desired?: readonly Desired[];
  readonly entries?: readonly Entry[];
  readonly ledger?: LedgerView;
  readonly disk?: Iterable<readonly [AbsolutePath, DiskFact]>;
  readonly policy?: Partial<Policy>;
  readonly input?: Partial<PlanInput>;
}

/** What the planner is told of a case; what is not said is the plainest thing. */
export function planInput(one: Case): PlanInput {
  const outputs = one.outputs ?? [outputSet()];
  const set = outputs[0] ?? outputSet();
  const desired =
    one.desired ??
    (one.sources ?? []).map((fact) => ({
      output: path(`/out/${fact.rel.replace(/\.flac$/, '.opus')}`),
      set,
      source: fact,
      sidecar: false,
    }));
  return {
    manifest: manifest(outputs, one.policy),
    desired,
    ledger: one.ledger ?? ledger(one.entries ?? []),
    disk: new Map(one.disk ?? []),
    unseen: () => false,
    sourceExists: () => false,
    linkInTheWay: () => undefined,
    ...one.input,
  };
}

/** Plans a case. */
export function plan(one: Case): Plan {
  return makePlan(planInput(one));
}

/** `action: reason code, reason code` of each row. */
export function rows(made: Plan): readonly string[] {
  return made.changes.map(row);
}

export function row({ action, reasons }: Change): string {
  return `${action}: ${reasons.map(({ code }) => code).join(', ')}`;
}
