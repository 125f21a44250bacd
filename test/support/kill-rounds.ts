import assert from 'node:assert/strict';
import { renameSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { Library, partsIn } from './library.js';
import type { Tree } from './library.js';
import { childrenOf, endOf, kill, sessionOf } from './processes.js';
import { assertExit } from './rig.js';
import type { LineOf, Run } from './rig.js';
import { seededRandom } from './seeded-random.js';

const SOON_MS = 20_000;
const MOMENTS = [
  'plan-ready',
  'apply-started',
  'agent-joined',
  'task-started',
  'task-done',
] as const;

export interface KillRounds {
  readonly rounds: number;
  readonly seed: number;
  /** After how many rounds the outcome is compared with a fresh run's; 1 by default. */
  readonly compareEvery?: number;
}

/**
 * Each round changes a library by chance and disturbs one to three runs at random events: kills
 * everything, the master, the agent or an encoder, or stops everything for a while, after which it
 * goes on or is killed. What the next run then makes has to be, byte for byte, what a fresh run makes
 * of the same sources.
 */
export async function killRounds(
  context: TestContext,
  { rounds, seed, compareEvery = 1 }: KillRounds,
): Promise<void> {
  const torment = new Torment(context, seed);
  for (let round = 1; round <= rounds; round += 1)
    await torment.round(`round ${round}, seed ${seed}`, round % compareEvery === 0);
}

class Torment {
  readonly #context: TestContext;
  readonly #library: Library;
  readonly #random: () => number;
  readonly #names = new Set<string>();
  #count = 0;

  constructor(context: TestContext, seed: number) {
    this.#context = context;
    this.#library = new Library(context);
    this.#random = seededRandom(seed);
    for (let track = 0; track < 4; track += 1) this.#addTrack();
  }

  async round(label: string, isCompared: boolean): Promise<void> {
    const library = this.#library;
    this.#change();
    const kills = 1 + this.#below(3);
    for (let at = 0; at < kills; at += 1) await this.#disturbedRun();
    assertExit(await library.apply('--max-delete', '100'), 0);
    if (isCompared) await this.#context.test(label, (inner) => compareWithFresh(inner, library));
    assert.deepEqual(partsIn(library), [], label);
    assertExit(await library.plan(), 0);
  }

  /** A run that is disturbed after a random event, unless it ends before. */
  async #disturbedRun(): Promise<void> {
    const run = this.#library.start(['apply', '--yes', '--json', '--max-delete', '100']);
    const type: LineOf<(typeof MOMENTS)[number]>['type'] = this.#pick(MOMENTS);
    const seen = run.line(type, type.startsWith('task') ? 1 + this.#below(6) : 1).then(
      () => true,
      () => false,
    );
    if (!(await seen)) return;
    await this.#disturb(run);
    await run.finished;
  }

  async #disturb(run: Run): Promise<void> {
    const kind = this.#below(6);
    if (kind === 0) await run.killAll();
    else if (kind === 1) await killMaster(run);
    else if (kind === 2) await killAgents(run);
    else if (kind === 3) await this.#killEncoder(run);
    else await this.#stopAll(run, kind === 4);
  }

  async #killEncoder(run: Run): Promise<void> {
    const encoders = childrenOf(run.pid).flatMap(childrenOf);
    if (encoders.length === 0) return;
    const encoder = this.#pick(encoders);
    kill(encoder, 'SIGKILL');
    await endOf([encoder], SOON_MS);
  }

  /** While all of it is stopped, its lock keeps others out; then it goes on, or never does. */
  async #stopAll(run: Run, goesOn: boolean): Promise<void> {
    const sessions = childrenOf(run.pid).flatMap(sessionOf);
    const all = [run.pid, ...sessions];
    for (const pid of all) kill(pid, 'SIGSTOP');
    const other = await this.#library.apply('--max-delete', '100');
    // It may have come to its end before it was stopped.
    assert.ok(other.code === 11 || other.code === 0, `exit ${other.code}: ${other.stderr}`);
    for (const pid of all) kill(pid, goesOn ? 'SIGCONT' : 'SIGKILL');
    if (!goesOn) await endOf(all, SOON_MS);
  }

  /** Gives the next run something to make, to move, to tag and to delete. */
  #change(): void {
    const library = this.#library;
    for (let step = 0; step < 3; step += 1) {
      const name = this.#pick([...this.#names]);
      const kind = this.#below(5);
      if (kind === 0 && this.#names.size > 3) {
        library.remove(`in/${name}`);
        this.#names.delete(name);
      } else if (kind === 1) {
        const to = `${this.#below(1000)}-${name}`.slice(0, 60);
        renameSync(library.path(`in/${name}`), library.path(`in/${to}`));
        this.#names.delete(name);
        this.#names.add(to);
      } else if (kind === 2) {
        library.track(name, { seed: this.#below(9973), length: 10_000 });
      } else {
        this.#addTrack();
      }
    }
    const bitrate = this.#pick([32, 64, 96]);
    library.manifest({
      outputs: [
        { codec: 'opus', options: { bitrate }, to: './out/opus', prune: true },
        { codec: 'flac', to: './out/flac', prune: true },
      ],
    });
  }

  #addTrack(): void {
    this.#count += 1;
    const name = `track ${this.#count}.flac`;
    this.#names.add(name);
    this.#library.track(name, { seed: this.#below(9973), length: 10_000 });
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #pick<T>(from: readonly T[]): T {
    const one = from[this.#below(from.length)];
    if (one === undefined) throw new Error('nothing to pick from');
    return one;
  }
}

async function killMaster(run: Run): Promise<void> {
  const all = childrenOf(run.pid).flatMap(sessionOf);
  run.signal('SIGKILL');
  await endOf(all, SOON_MS);
}

async function killAgents(run: Run): Promise<void> {
  const agents = childrenOf(run.pid);
  for (const agent of agents) kill(-agent, 'SIGKILL');
  await endOf(agents, SOON_MS);
}

/** Compares with a run that nobody disturbed. */
async function compareWithFresh(context: TestContext, library: Library): Promise<void> {
  const fresh = new Library(context);
  library.copyMusicTo(fresh);
  fresh.plant('flac2all.yaml', library.read('flac2all.yaml'));
  assertExit(await fresh.apply(), 0);
  assert.deepEqual(withoutFolders(library.outputs()), withoutFolders(fresh.outputs()));
}

function withoutFolders(tree: Tree): Tree {
  return Object.fromEntries(Object.entries(tree).filter(([, what]) => what !== 'folder'));
}
