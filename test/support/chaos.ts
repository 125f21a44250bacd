import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { ClusterRig } from './cluster-rig.js';
import { linesOf } from './rig.js';
import type { Run } from './rig.js';
import { seededRandom } from './seeded-random.js';
import { TcpProxy } from './tcp-proxy.js';

const WORKERS = 3;
/** What a fault can send back at most: the batches of short tasks of one worker with two slots. */
const RERUNS_A_FAULT = 2 * 64 + 16;
/** More than a round with faults all the time may need. */
const ROUND_MS = 900_000;
/** A worker is there for as many rounds as nothing happens to it. */
const WORKER_MS = 3 * 3_600_000;

/** What a round of faults came to. `doubled`: told as done twice; `wrong`: not the bytes of its source. */
export interface RoundReport {
  readonly tasks: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly masters: number;
  readonly reruns: number;
  readonly lost: number;
  readonly doubled: number;
  readonly wrong: number;
  readonly ms: number;
}

interface Station {
  readonly line: TcpProxy;
  run: Run;
}

/** A cluster to which things happen by chance, while it copies small files of random bytes. */
export class Chaos {
  readonly #rig: ClusterRig;
  readonly #stations: Station[];
  readonly #random: () => number;
  #faults: Record<string, number> = {};

  private constructor(rig: ClusterRig, lines: readonly TcpProxy[], seed: number) {
    this.#rig = rig;
    this.#random = seededRandom(seed);
    this.#stations = lines.map((line) => ({ line, run: this.#worker(line) }));
  }

  static async make(t: TestContext, seed: number): Promise<Chaos> {
    const rig = await ClusterRig.make(t, []);
    rig.timeoutMs = WORKER_MS;
    rig.library.track('one.flac');
    rig.library.manifest({
      outputs: [{ codec: 'opus', to: './out', copy: ['**/*.bin'] }],
      cluster: { bind: rig.endpoint, workers: 0 },
    });
    const lines = await Promise.all(
      Array.from({ length: WORKERS }, () => TcpProxy.to(t, rig.port)),
    );
    return new Chaos(rig, lines, seed);
  }

  /** Gives all files new bytes and has them copied, through a fault every so many milliseconds. */
  async round(tasks: number, faultMs: number): Promise<RoundReport> {
    const begin = performance.now();
    this.#faults = {};
    const sources = this.#plant(tasks);
    const masters = [this.#rig.master()];
    for (let over = false; !over;) {
      assert.ok(performance.now() - begin < ROUND_MS, 'the round ends');
      const master = masters.at(-1);
      if (master === undefined) break;
      const ended = await Promise.race([
        master.finished.then(({ code, signal }) => code ?? signal),
        delay(2 * faultMs * this.#random()).then(() => undefined),
      ]);
      if (ended === undefined) await this.#fault(master);
      else if (ended === 'SIGKILL') masters.push(this.#rig.master());
      else over = true;
    }
    return { ...(await this.#judge(sources, masters)), ms: performance.now() - begin };
  }

  /** Everybody goes home. */
  async end(): Promise<void> {
    for (const { line, run } of this.#stations) {
      line.mend();
      run.signal('SIGCONT');
      run.signal('SIGTERM');
      await run.finished;
    }
  }

  #plant(tasks: number): ReadonlyMap<string, string> {
    const sources = new Map<string, string>();
    for (let index = 0; index < tasks; index += 1) {
      const bytes = Buffer.from(Array.from({ length: 64 }, () => Math.floor(this.#random() * 256)));
      const name = `${index % 100}/${index}.bin`;
      this.#rig.library.plant(`in/${name}`, bytes);
      sources.set(name, createHash('sha256').update(bytes).digest('hex'));
    }
    return sources;
  }

  async #fault(master: Run): Promise<void> {
    const station = this.#pick(this.#stations);
    const [name, act] = this.#pick(this.#possible(master, station));
    this.#faults[name] = (this.#faults[name] ?? 0) + 1;
    await act();
  }

  #possible(
    master: Run,
    station: Station,
  ): readonly (readonly [string, () => Promise<void> | void])[] {
    const { line, run } = station;
    const moment = (): Promise<void> => delay(100 + this.#random() * 3000);
    const stop = async (one: Run): Promise<void> => {
      one.signal('SIGSTOP');
      await moment();
      one.signal('SIGCONT');
    };
    const part = async (): Promise<void> => {
      line.part();
      await moment();
      line.mend();
    };
    const replace = async (signal: NodeJS.Signals): Promise<void> => {
      run.signal(signal);
      await run.finished;
      station.run = this.#worker(line);
    };
    const kill = async (): Promise<void> => {
      master.signal('SIGKILL');
      await master.finished;
    };
    return [
      ['worker killed', () => replace('SIGKILL')],
      ['worker leaves', () => replace('SIGTERM')],
      ['worker frozen', () => stop(run)],
      ['line out', part],
      ['line cut', () => line.cut()],
      ['master frozen', () => stop(master)],
      // Else a slow machine would only ever start masters.
      ...(linesOf(master, 'task-done').length > 0 ? [['master killed', kill] as const] : []),
    ];
  }

  #worker({ endpoint }: TcpProxy): Run {
    return this.#rig.worker(['-j2'], { endpoint });
  }

  async #judge(
    sources: ReadonlyMap<string, string>,
    masters: readonly Run[],
  ): Promise<Omit<RoundReport, 'ms'>> {
    const ended = await Promise.all(masters.map(({ finished }) => finished));
    assert.equal(ended.at(-1)?.code, 0, ended.at(-1)?.stdout.slice(-3000));
    const done = ended.flatMap((one) => linesOf(one, 'task-done').map(({ output }) => output));
    const outputs = this.#rig.library.outputs();
    await this.#rig.assertRecorded();
    const all = [...sources];
    const reruns = ended.flatMap((one) => linesOf(one, 'task-requeued')).length;
    const faults = Object.values(this.#faults).reduce((sum, count) => sum + count, 0);
    assert.ok(reruns <= faults * RERUNS_A_FAULT, `${reruns} reruns for ${faults} faults`);
    return {
      tasks: sources.size,
      faults: this.#faults,
      masters: masters.length,
      reruns,
      lost: all.filter(([name]) => outputs[name] === undefined).length,
      doubled: done.length - new Set(done).size,
      wrong: all.filter(([name, sha256]) => (outputs[name] ?? sha256) !== sha256).length,
    };
  }

  #pick<T>(from: readonly T[]): T {
    const one = from[Math.floor(this.#random() * from.length)];
    if (one === undefined) throw new Error('nothing to pick from');
    return one;
  }
}
