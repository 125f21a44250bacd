import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { systemClock } from '#src/lib/clock.js';
import type { AbsolutePath, Sha256 } from '#src/lib/brand.js';
import type { StatKey } from '#src/lib/stat-key.js';
import { runAgent } from '#src/cluster/agent.js';
import type { AgentOptions } from '#src/cluster/agent.js';
import type { AgentExit } from '#src/cluster/agent-session.js';
import { makePrivateEndpoint } from '#src/cluster/endpoint.js';
import { runMaster } from '#src/cluster/master.js';
import type { MasterOptions } from '#src/cluster/master.js';
import type { MasterEvent, MasterReport } from '#src/cluster/master-event.js';
import type { AudioId, TagId } from '#src/sources/identity.js';
import type { Failed, FailureClass, Made, Task, TaskId } from '#src/task/task.js';

const stat = '1:2:3:4' as StatKey;
const sha = 'a'.repeat(64) as Sha256;

export function fakeTask(index: number, cost = 1): Task {
  return {
    id: `t${index}` as TaskId,
    source: { path: inMusic(`${index}.flac`), stat },
    output: inMusic(`${index}.opus`),
    part: inMusic(`.${index}.opus.0.f2a-part`),
    recipe: {
      audio: { codec: 'opus', options: { bitrate: 128 }, args: [], limits: {} },
      tags: { id3: '2.4' },
    },
    sidecar: false,
    cost,
  };
}

function inMusic(name: string): AbsolutePath {
  return `/music/${name}` as AbsolutePath;
}

export function fakeTasks(count: number): readonly Task[] {
  return Array.from({ length: count }, (_, index) => fakeTask(index, count - index));
}

export function made(ms = 1): Made {
  return {
    status: 'made',
    part: { stat, sha256: sha },
    samples: 1,
    sampleRate: 44100,
    source: { stat, sha256: sha, audioId: 'flac:x' as AudioId, tagId: '-' as TagId, racy: false },
    encoder: 'fake 1',
    warnings: [],
    ms,
  };
}

export function failed(failureClass: FailureClass, text = failureClass as string): Failed {
  const code = failureClass === 'crash' ? 'ENCODER_KILLED' : 'ENCODE_FAILED';
  return { status: 'failed', class: failureClass, code, text, stderrTail: '', ms: 1 };
}

/** A master with hooks that write into arrays, on a private endpoint. */
export class MasterRig {
  readonly endpoint: string;
  readonly committed: string[] = [];
  readonly failures: { readonly task: string; readonly failed: Failed }[] = [];
  readonly leases: { readonly task: string; readonly attempt: string }[] = [];
  readonly events: MasterEvent[] = [];
  readonly drain: AbortController = new AbortController();
  readonly abort: AbortController = new AbortController();
  readonly exhausted: AbortController = new AbortController();
  readonly #target = new EventTarget();

  private constructor(endpoint: string) {
    this.endpoint = endpoint;
  }

  /** Ends with the test, however that ends. */
  static async make(t: TestContext): Promise<MasterRig> {
    const endpoint = await makePrivateEndpoint();
    if (!endpoint.ok) throw new Error(endpoint.error.message);
    const { remove } = endpoint.value;
    const rig = new MasterRig(endpoint.value.endpoint);
    t.after(async () => {
      rig.abort.abort();
      await remove();
    });
    return rig;
  }

  async run(tasks: readonly Task[], overrides: Partial<MasterOptions> = {}): Promise<MasterReport> {
    const { drain, abort, exhausted } = this;
    const result = await runMaster({
      endpoints: [this.endpoint],
      tasks,
      epoch: 7,
      version: '1.0.0',
      clock: systemClock,
      lease: (task, attempt) => {
        this.leases.push({ task: task.id, attempt });
        const part = `/music/.${task.id}.${attempt}.f2a-part` as AbsolutePath;
        return Promise.resolve({ ...task, part });
      },
      commit: (task) => {
        this.committed.push(task.id);
        return Promise.resolve({ verdict: 'committed' });
      },
      onFailed: (task, failure) => {
        this.failures.push({ task: task.id, failed: failure });
        return Promise.resolve();
      },
      onEvent: (event) => {
        this.events.push(event);
        this.#target.dispatchEvent(new Event('master'));
      },
      signals: { drain: drain.signal, abort: abort.signal, exhausted: exhausted.signal },
      ...overrides,
    });
    if (!result.ok) throw new Error(result.error.message);
    return result.value;
  }

  /** Resolves when so many events of a type have happened. */
  async seen<Type extends MasterEvent['type']>(
    type: Type,
    count = 1,
  ): Promise<Extract<MasterEvent, { readonly type: Type }>> {
    for (;;) {
      const found = this.events.filter(
        (event): event is Extract<MasterEvent, { readonly type: Type }> => event.type === type,
      );
      const last = found[count - 1];
      if (last !== undefined) return last;
      await once(this.#target, 'master');
    }
  }

  agent(overrides: Partial<AgentOptions> = {}): Promise<AgentExit> {
    return runAgent({
      endpoint: this.endpoint,
      slots: 2,
      execute: (_task, { onStart }) => {
        onStart();
        return Promise.resolve(made());
      },
      capabilities: { opusenc: '0.2' },
      name: 'here',
      version: '1.0.0',
      clock: systemClock,
      signals: { drain: new AbortController().signal, abort: new AbortController().signal },
      ...overrides,
    });
  }
}
