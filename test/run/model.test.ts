import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import * as fc from 'fast-check';
import type { Entry, LedgerView } from '#src/ledger/entry.js';
import { canonicalJson } from '#src/lib/json.js';
import type { Change } from '#src/plan/action.js';
import type { RunEvent } from '#src/report/event.js';
import type { Planned } from '#src/run/plan.js';
import { pinned } from '#src/run/survey.js';
import { recipeOf } from '#src/plan/sidecar.js';
import { EDIT_NAMES, ModelLibrary } from '../support/model-library.js';
import type { Edit } from '../support/model-library.js';
import { seededRandom } from '../support/seeded-random.js';
import { entryMap } from '../support/plan-case.js';
import { reusedBy } from '../support/fake-worker.js';
import { Story } from '../support/story.js';

const RUNS = Number(process.env['MODEL_RUNS'] ?? 12);
const SEED = Number(process.env['MODEL_SEED'] ?? 4);

type Step = Edit | { readonly do: 'apply' } | Crash;

/** The run dies at a step: it is killed, or the power fails. */
interface Crash {
  readonly do: 'crash';
  readonly step: number;
  /** Decides what is lost of what was not synced; 0: nothing, it was only killed. */
  readonly power: number;
}

const edit: fc.Arbitrary<Step> = fc.record({
  do: fc.constantFrom(...EDIT_NAMES),
  a: fc.nat(50),
  b: fc.nat(50),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: edit },
  { weight: 2, arbitrary: fc.constant({ do: 'apply' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('crash' as const),
      step: fc.integer({ min: 5, max: 80 }),
      power: fc.nat(20),
    }),
  },
);
const start: fc.Arbitrary<Step[]> = fc
  .array(fc.record({ do: fc.constantFrom('add', 'cover', 'copy'), a: fc.nat(50), b: fc.nat(50) }), {
    minLength: 3,
    maxLength: 6,
  })
  .map((edits) => [...edits, { do: 'apply' }]);

test('whatever is done to a library: exact, minimal, safe, and as planned', async (context) => {
  const steps = fc.tuple(start, fc.array(step, { maxLength: 14 })).map(([a, b]) => [...a, ...b]);
  const property = fc.asyncProperty(steps, (story) => play(context, story));
  await fc.assert(property, { numRuns: RUNS, seed: SEED, includeErrorInReport: true });
});

async function play(context: TestContext, steps: readonly Step[]): Promise<void> {
  const library = new ModelLibrary(new Story(context));
  let killed = false;
  for (const one of steps) {
    if (one.do === 'apply') await applyAndCheck(library, killed);
    else if (one.do === 'crash') await crash(context, library, one);
    else library.edit(one);
    killed = one.do === 'crash' || (killed && one.do !== 'apply');
  }
  await applyAndCheck(library, killed);
  await compareWithCleanRun(context, library);
  library.story.remove();
}

function crash(
  test: TestContext,
  { story, encoderOf }: ModelLibrary,
  { step: at, power }: Crash,
): Promise<boolean> {
  if (power < 8) return story.crash(at, { encoderOf });
  return story.losePower(at, { test, encoderOf, random: seededRandom(power) });
}

async function applyAndCheck(library: ModelLibrary, killed: boolean): Promise<void> {
  const { story, encoderOf } = library;
  const planned = await story.planned();
  for (const { reasons } of planned.plan.changes) assert.ok(reasons.length > 0);
  const sources = story.tree('in');
  const foreign = foreignFiles(story, planned);
  const encodes: string[] = [];
  // After a kill, what the interrupted run had staged is finished first.
  let agreed = planned;
  const { events } = await story.apply({
    encoderOf,
    confirm: (now) => {
      agreed = frozen(now);
      return Promise.resolve(true);
    },
    work: (task) => {
      if (!reusedBy(task)) encodes.push(task.output);
      return undefined;
    },
  });
  const notices = events.filter(({ type }) => type === 'notice' || type === 'task-failed');
  if (!killed) assert.deepEqual(notices, []);
  if (!killed) assert.deepEqual(plannedIn(agreed), plannedIn(planned));
  assert.deepEqual(doneIn(events), plannedIn(agreed));
  assert.deepEqual(tooMany(encodes, agreed), []);
  assert.deepEqual(story.tree('in'), sources);
  const now = story.tree();
  for (const [name, content] of Object.entries(foreign)) assert.equal(now[name], content, name);
  assert.deepEqual(
    (await story.plan()).filter((row) => !row.startsWith('conflict')),
    [],
  );
}

/** The plan with the ledger and the disk as they are now, whatever becomes of them. */
function frozen(planned: Planned): Planned {
  const { ledger, disk, desired } = planned.input;
  const entries = entryMap(ledger.entries.values());
  const paths = [...entries.keys(), ...desired.map(({ output }) => output)];
  const input = { ...planned.input, ledger: { ...ledger, entries }, disk: pinned(disk, paths) };
  return { ...planned, input };
}

/** What apply did, as the plan would name it. */
function doneIn(events: readonly RunEvent[]): readonly string[] {
  const moved = new Set(events.flatMap((one) => (one.type === 'file-moved' ? [one.output] : [])));
  return events
    .flatMap((one) => {
      if (one.type === 'file-moved') return [`move ${one.output}`];
      if (one.type === 'file-deleted') return [`delete ${one.output}`];
      const made = one.type === 'task-done' && !moved.has(one.output);
      return made ? [`${one.action} ${one.output}`] : [];
    })
    .toSorted();
}

const WORK: ReadonlySet<string> = new Set([
  'create',
  'update',
  'repair',
  'retag',
  'move',
  'delete',
]);

function plannedIn({ plan }: Planned): readonly string[] {
  return plan.changes
    .filter(({ action }) => WORK.has(action))
    .map(({ action, output }) => `${action} ${output}`)
    .toSorted();
}

/** What somebody else wrote and the policy does not ask to make again. */
function foreignFiles(story: Story, planned: Planned): Readonly<Record<string, string>> {
  const repaired = outputsTo('repair', planned);
  return Object.fromEntries(
    Object.entries(story.tree()).filter(
      ([name, content]) =>
        content.startsWith('user:') && !repaired.includes(story.path(`out/${name}`)),
    ),
  );
}

function outputsTo(asked: Change['action'], { plan }: Planned): readonly string[] {
  return plan.changes.flatMap(({ action, output }) => (action === asked ? [output] : []));
}

/** Encodes of outputs whose audio an intact file of the ledger held already. */
function tooMany(encodes: readonly string[], planned: Planned): readonly string[] {
  const { input } = planned;
  const repaired = outputsTo('repair', planned);
  const key = (recipe: Entry['recipe'], audioId: string): string =>
    canonicalJson([recipe.audio, audioId]);
  const intact = new Map<string, Set<string>>();
  for (const { path, recipe, source, output, encoder } of input.ledger.entries.values()) {
    const there = input.disk.get(path);
    const set = input.manifest.outputs.find(
      ({ profile }) => canonicalJson(profile.recipe.audio) === canonicalJson(recipe.audio),
    );
    const encoderNow = set && input.encoders?.get(set.name);
    if (encoderNow !== undefined && encoderNow !== encoder) continue;
    if (there?.kind !== 'file') continue;
    if (there.stat !== output.stat && there.sha256 !== output.sha256) continue;
    const of = key(recipe, source.audioId);
    intact.set(of, (intact.get(of) ?? new Set()).add(path));
  }
  const wanted = new Map<string, string[]>();
  for (const one of input.desired) {
    const { identity } = one.source;
    if (identity === undefined) continue;
    const of = key(recipeOf(one), identity.audioId);
    wanted.set(of, [...(wanted.get(of) ?? []), one.output]);
  }
  return [...wanted].flatMap(([of, outputs]) => {
    const rows = intact.get(of) ?? new Set();
    const lacking = outputs.filter((output) => !rows.has(output));
    const movable = [...rows].filter((path) => !outputs.includes(path));
    const single = lacking.length <= 1 && movable.length <= 1;
    const needed = single ? lacking.slice(movable.length) : lacking;
    return outputs.filter(
      (output) => encodes.includes(output) && ![...needed, ...repaired].includes(output),
    );
  });
}

/** The tree without folders that somebody else made and left empty. */
function withoutForeignFolders(story: Story, ledger: LedgerView): ReturnType<Story['tree']> {
  const tree = story.tree();
  const files = Object.keys(tree).filter((name) => tree[name] !== '/');
  const isOurs = (name: string): boolean =>
    tree[name] !== '/' ||
    ledger.directories.has(story.path(`out/${name}`)) ||
    files.some((file) => file.startsWith(`${name}/`));
  return Object.fromEntries(Object.entries(tree).filter(([name]) => isOurs(name)));
}

/** The tree is that of one apply of the manifest of now on the sources of now. */
async function compareWithCleanRun(
  context: TestContext,
  { story, encoderOf }: ModelLibrary,
): Promise<void> {
  const { input } = await story.planned();
  const tree = withoutForeignFolders(story, input.ledger);
  const clean = new Story(context);
  for (const name of ['in', 'flac2all.yaml'])
    cpSync(story.path(name), clean.path(name), { recursive: true, preserveTimestamps: true });
  for (const [name, content] of Object.entries(tree)) {
    if (content === '/' || input.ledger.entries.has(story.path(`out/${name}`))) continue;
    assert.match(content, /^user:/, `${name} is nobody's`);
    clean.plant(`out/${name}`, content);
  }
  await clean.apply({ encoderOf });
  assert.deepEqual(tree, clean.tree());
  clean.remove();
}
