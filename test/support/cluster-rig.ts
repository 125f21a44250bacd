import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Timing } from '#src/cluster/timing.js';
import { readLedger } from '#src/ledger/read.js';
import { nodeDisk } from '#src/lib/node-disk.js';
import type { AbsolutePath } from '#src/lib/brand.js';
import { fewTools } from './few-tools.js';
import { Library, partsIn } from './library.js';
import { childrenOf, endOf } from './processes.js';
import { linesOf } from './rig.js';
import type { Finished, Run } from './rig.js';
import { freePort } from './tcp-proxy.js';

/** Waiting times for a machine that is busy with other tests, but not for people. */
const TIMING: Partial<Timing> = {
  heartbeatMs: 200,
  graceMs: 1500,
  reconnectMs: 800,
  leaseMs: 6000,
  tickMs: 50,
  clockGapMs: 1500,
  farewellMs: 2000,
};

const IMPATIENT = fileURLToPath(new URL('./impatient-process.js', import.meta.url));
const AGENT = fileURLToPath(new URL('../faults/agent-process.js', import.meta.url));
const SOON_MS = 20_000;

/** A master without workers of its own, workers started by hand, and what has to hold after it all. */
export class ClusterRig {
  readonly library: Library;
  readonly port: number;
  readonly masters: Run[] = [];
  readonly workers: Run[] = [];
  /** A master or worker that takes longer hangs; left out: as any command. */
  timeoutMs: number | undefined;
  readonly #address: string;
  readonly #tracks: readonly string[];

  private constructor(library: Library, tracks: readonly string[], { address, port }: Where) {
    this.library = library;
    this.#address = address;
    this.port = port;
    this.#tracks = tracks;
  }

  /** Sources by these names, to be made opus files. */
  static async make(
    t: TestContext,
    tracks: readonly string[],
    { env = {}, address = '127.0.0.1' }: RigWishes = {},
  ): Promise<ClusterRig> {
    const usual = process.env['PATH'] ?? '';
    const PATH = (env['PATH'] ?? usual).replace(usual, fewTools(t));
    const library = new Library(t, { ...env, PATH });
    for (const name of tracks) library.track(`${name}.flac`);
    const rig = new ClusterRig(library, tracks, { address, port: await freePort() });
    library.manifest({
      outputs: [{ codec: 'opus', to: './out' }],
      cluster: { bind: rig.endpoint, workers: 0 },
    });
    t.after(async () => {
      for (const run of [...rig.workers, ...rig.masters]) run.signal('SIGCONT');
      for (const run of [...rig.workers, ...rig.masters]) run.signal('SIGKILL');
      await Promise.all([...rig.workers, ...rig.masters].map(({ finished }) => finished));
    });
    return rig;
  }

  get endpoint(): string {
    return `tcp://${this.#address}:${this.port}`;
  }

  /** The next master on the same ledger and port. */
  master(timing: Partial<Timing> = {}, inside: readonly string[] = []): Run {
    const env = { TIMING: JSON.stringify({ ...TIMING, ...timing }) };
    const run = this.library.start(['apply', '--yes', '--json'], {
      ...{ env, inside, program: IMPATIENT },
      ...(this.timeoutMs === undefined ? {} : { timeoutMs: this.timeoutMs }),
    });
    this.masters.push(run);
    return run;
  }

  worker(
    args: readonly string[] = ['-j1'],
    { endpoint = this.endpoint, ...options }: WorkerWishes = {},
  ): Run {
    const run = this.library.start(['worker', '--connect', endpoint, ...args], {
      ...options,
      ...(this.timeoutMs === undefined ? {} : { timeoutMs: this.timeoutMs }),
    });
    this.workers.push(run);
    return run;
  }

  /** Resolves when the master has told a notice of this code. */
  async noticed(master: Run, code: string): Promise<void> {
    for (let count = 1; ; count += 1) {
      if ((await master.line('notice', count)).code === code) return;
    }
  }

  /** A worker that does as `agent-process` says. */
  strange(mode: string, endpoint: string = this.endpoint): Run {
    const run = this.library.start([mode, endpoint], { program: AGENT });
    this.workers.push(run);
    return run;
  }

  /**
   * What must be true in the end: the last master's exit code, each track done once or failed once, files and
   * ledger equal to the byte, no part file, nobody left behind.
   */
  async assertSound(
    wanted: { readonly code?: number; readonly failed?: readonly string[] } = {},
  ): Promise<Finished> {
    const { code = 0, failed = [] } = wanted;
    const ended = await Promise.all(this.masters.map(({ finished }) => finished));
    const last = ended.at(-1);
    if (last === undefined) throw new Error('there was no master');
    assert.equal(
      last.code,
      code,
      `exit ${last.code ?? last.signal}:\n${last.stderr}\n${last.stdout.slice(-3000)}`,
    );
    // One that was lost may wake when the run is over; what it made goes when it leaves.
    await this.#everybodyGone();
    const made = this.#tracks
      .filter((name) => !failed.includes(name))
      .map((name) => `${name}.opus`);
    assert.deepEqual(Object.keys(this.library.outputs()), made.toSorted());
    await this.assertRecorded();
    const endings = ended.flatMap((one) => [
      ...linesOf(one, 'task-done').map(({ output }) => output),
      ...linesOf(one, 'task-failed').map(({ output }) => output),
    ]);
    assert.equal(new Set(endings).size, endings.length, 'each task ends once');
    return last;
  }

  /** Each file has its row with its checksum, each row its file, and there is nothing else. */
  async assertRecorded(): Promise<void> {
    const files = Object.entries(this.library.outputs()).filter(([, what]) => what !== 'folder');
    assert.deepEqual(await this.#ledgerRows(), Object.fromEntries(files));
    assert.deepEqual(partsIn(this.library), []);
  }

  async #ledgerRows(): Promise<Readonly<Record<string, string>>> {
    const directory = this.library.path('.flac2all') as AbsolutePath;
    const read = await readLedger(directory, this.library.root, nodeDisk);
    assert.ok(read.ok);
    const rows = [...read.value.entries.values()].map(
      ({ path, output }): readonly [string, string] => [
        path.slice(join(this.library.root, 'out').length + 1),
        output.sha256,
      ],
    );
    return Object.fromEntries(rows);
  }

  /** Workers that were not killed leave by themselves, or when told to; no encoder outlives its worker. */
  async #everybodyGone(): Promise<void> {
    const encoders = this.workers.flatMap(({ pid }) => childrenOf(pid));
    // Who came when the run was over waits for the next one.
    for (const worker of this.workers) worker.signal('SIGTERM');
    await Promise.all(this.workers.map(({ finished }) => finished));
    await endOf(encoders, SOON_MS);
  }
}

interface RigWishes {
  readonly env?: Readonly<Record<string, string>>;
  /** Of the master. */
  readonly address?: string;
}

interface Where {
  readonly address: string;
  readonly port: number;
}

interface WorkerWishes {
  readonly endpoint?: string;
  readonly inside?: readonly string[];
}

/** How often tasks were handed out again. */
export function requeues(master: Pick<Finished, 'lines'>): number {
  return linesOf(master, 'task-requeued').length;
}
