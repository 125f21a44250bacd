/**
 * The kill test for minutes instead of seconds: `node build/spec/faults/kill-soak.js [ROUNDS] [SEED]`.
 * Each round changes the library by chance and kills one to three runs at random events (everything,
 * the master, the agent, or an encoder); what the next run then makes has to be, byte for byte, what
 * a fresh run makes of the same sources. A failure names its seed.
 */
import assert from 'node:assert/strict';
import { renameSync } from 'node:fs';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { Library, partsIn } from '../support/library.js';
import type { Tree } from '../support/library.js';
import { childrenOf, endOf, kill, sessionOf } from '../support/processes.js';
import { assertExit } from '../support/rig.js';
import type { LineOf, Run } from '../support/rig.js';
import { seededRandom } from '../support/seeded-random.js';

const SOON_MS = 20_000;
const MOMENTS = [
  'plan-ready',
  'apply-started',
  'agent-joined',
  'task-started',
  'task-done',
] as const;

const rounds = Number(process.argv[2] ?? 100);
const seed = Number(process.argv[3] ?? Math.floor(Math.random() * 2 ** 31));
const random = seededRandom(seed);
const names = new Set<string>();
let count = 0;

test(`${rounds} rounds of kills, seed ${seed}`, async (context) => {
  const library = new Library(context);
  for (let track = 0; track < 6; track += 1) addTrack(library);
  for (let round = 1; round <= rounds; round += 1) {
    change(library);
    const kills = 1 + below(3);
    for (let at = 0; at < kills; at += 1) await disturbedRun(library);
    assertExit(await library.apply('--max-delete', '100'), 0);
    await context.test(`round ${round}`, (inner) => compareWithFresh(inner, library));
    assert.deepEqual(partsIn(library), [], `round ${round}, seed ${seed}`);
    assertExit(await library.plan(), 0);
  }
});

/** Compares with a run that nobody disturbed. */
async function compareWithFresh(context: TestContext, library: Library): Promise<void> {
  const fresh = new Library(context);
  library.copyMusicTo(fresh);
  fresh.plant('flac2all.yaml', library.read('flac2all.yaml'));
  assertExit(await fresh.apply(), 0);
  assert.deepEqual(withoutFolders(library.outputs()), withoutFolders(fresh.outputs()));
}

/** A run that is killed after a random event, unless it ends before. */
async function disturbedRun(library: Library): Promise<void> {
  const run = library.start(['apply', '--yes', '--json', '--max-delete', '100']);
  const type: LineOf<(typeof MOMENTS)[number]>['type'] = pick(MOMENTS);
  const seen = run.line(type, type.startsWith('task') ? 1 + below(6) : 1).then(
    () => true,
    () => false,
  );
  if (!(await seen)) return;
  await pick(KILLS)(run);
  await run.finished;
}

const KILLS: readonly ((run: Run) => Promise<void>)[] = [
  (run) => run.killAll(),
  killMaster,
  killAgent,
  killEncoder,
];

async function killMaster(run: Run): Promise<void> {
  const all = childrenOf(run.pid).flatMap(sessionOf);
  run.signal('SIGKILL');
  await endOf(all, SOON_MS);
}

async function killAgent(run: Run): Promise<void> {
  const agents = childrenOf(run.pid);
  for (const agent of agents) kill(-agent, 'SIGKILL');
  await endOf(agents, SOON_MS);
}

async function killEncoder(run: Run): Promise<void> {
  const encoders = childrenOf(run.pid).flatMap(childrenOf);
  if (encoders.length === 0) return;
  const encoder = pick(encoders);
  kill(encoder, 'SIGKILL');
  await endOf([encoder], SOON_MS);
}

/** Gives the next run something to make, to move, to tag and to delete. */
function change(library: Library): void {
  for (let step = 0; step < 3; step += 1) {
    const name = pick([...names]);
    const kind = below(5);
    if (kind === 0 && names.size > 4) {
      library.remove(`in/${name}`);
      names.delete(name);
    } else if (kind === 1) {
      const to = `${below(1000)}-${name}`.slice(0, 60);
      renameSync(library.path(`in/${name}`), library.path(`in/${to}`));
      names.delete(name);
      names.add(to);
    } else if (kind === 2) {
      library.track(name, { seed: below(9973), length: 20_000 });
    } else {
      addTrack(library);
    }
  }
  const bitrate = pick([32, 64, 96]);
  library.manifest({
    outputs: [
      { codec: 'opus', options: { bitrate }, to: './out/opus', prune: true },
      { codec: 'vorbis', to: './out/vorbis', prune: true },
    ],
  });
}

function addTrack(library: Library): void {
  count += 1;
  const name = `track ${count}.flac`;
  names.add(name);
  library.track(name, { seed: below(9973), length: 20_000 });
}

function withoutFolders(tree: Tree): Tree {
  return Object.fromEntries(Object.entries(tree).filter(([, what]) => what !== 'folder'));
}

function below(limit: number): number {
  return Math.floor(random() * limit);
}

function pick<T>(from: readonly T[]): T {
  const one = from[below(from.length)];
  if (one === undefined) throw new Error('nothing to pick from');
  return one;
}
