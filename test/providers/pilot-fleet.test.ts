import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { describe, test } from 'node:test';
import { err, ok } from '#src/lib/result.js';
import type { Result } from '#src/lib/result.js';
import type { PilotEvent } from '#src/providers/pilot-event.js';
import { PilotFleet } from '#src/providers/pilot-fleet.js';
import type { PilotId, PilotStatus, Provider, ProviderFailure } from '#src/providers/provider.js';
import { FakeClock } from '../support/fake-clock.js';

/** An engine that starts what is asked of it at once, and keeps what it was told to end. */
class FakeEngine implements Provider {
  readonly name = 'fake';
  readonly pilots = new Map<PilotId, PilotStatus>();
  readonly cancelled: (readonly [PilotId, { readonly drain: boolean }])[] = [];
  disposed = false;
  /** What the next submissions come to. */
  refusal: ProviderFailure | undefined;
  /** Pilots end as soon as they are started. */
  isDeadly = false;

  check(): Promise<Result<void, ProviderFailure>> {
    return Promise.resolve(ok(undefined));
  }

  render(): readonly [] {
    return [];
  }

  submit(count: number): Promise<Result<readonly PilotId[], ProviderFailure>> {
    if (this.refusal !== undefined) return Promise.resolve(err(this.refusal));
    const ids = Array.from({ length: count }, (_, index) => `p${this.pilots.size + index}`);
    const phase = this.isDeadly ? 'ended' : 'running';
    for (const id of ids) this.pilots.set(id, { id, run: 'r', phase, text: 'exit 127' });
    return Promise.resolve(ok(ids));
  }

  list(): Promise<Result<readonly PilotStatus[], ProviderFailure>> {
    return Promise.resolve(ok([...this.pilots.values()]));
  }

  status(
    ids: readonly PilotId[],
  ): Promise<Result<ReadonlyMap<PilotId, PilotStatus>, ProviderFailure>> {
    const known = ids.flatMap((id) => this.pilots.get(id) ?? []);
    return Promise.resolve(ok(new Map(known.map((status) => [status.id, status]))));
  }

  cancel(
    ids: readonly PilotId[],
    options: { readonly drain: boolean },
  ): Promise<Result<void, ProviderFailure>> {
    for (const id of ids) {
      this.cancelled.push([id, options]);
      const pilot = this.pilots.get(id);
      if (!options.drain && pilot) this.pilots.set(id, { ...pilot, phase: 'ended' });
    }
    return Promise.resolve(ok(undefined));
  }

  lastWords(): Promise<string> {
    return Promise.resolve('no such program');
  }

  dispose(): Promise<void> {
    this.disposed = true;
    return Promise.resolve();
  }
}

/** A fleet on a clock that the test ticks. */
class Harbour {
  readonly engine = new FakeEngine();
  readonly clock = new FakeClock();
  readonly events: PilotEvent[] = [];
  readonly exhausted: string[] = [];
  readonly drain = new AbortController();
  openTasks = 10;
  readonly fleet: PilotFleet;
  readonly #ended = new AbortController();
  readonly #told = new EventEmitter();
  readonly #run: Promise<void>;

  constructor(prepare: (engine: FakeEngine) => void = () => undefined) {
    prepare(this.engine);
    this.fleet = new PilotFleet({
      provider: this.engine,
      settings: { name: 'fake', min: 0, max: 2, slots: 1, orphanMs: 1000 },
      clock: this.clock,
      work: () => ({ openTasks: this.openTasks, otherSlots: 0, meanTaskMs: 60_000 }),
      onEvent: (event) => {
        this.events.push(event);
        this.#told.emit(event.type);
      },
      onExhausted: (text) => {
        this.exhausted.push(text);
        this.#told.emit('exhausted');
      },
    });
    this.#run = this.fleet.run(this.#ended.signal, this.drain.signal);
  }

  seen(type: PilotEvent['type'] | 'exhausted'): Promise<unknown> {
    const isThere = type === 'exhausted' && this.exhausted.length > 0;
    if (isThere || this.events.some((event) => event.type === type)) return Promise.resolve();
    return this.clock.passUntil(once(this.#told, type));
  }

  async end(): Promise<void> {
    this.#ended.abort();
    await this.clock.passUntil(this.#run);
  }
}

describe('the pilots of a provider', () => {
  test('are as many as the work needs and the settings allow, and none is left behind', async () => {
    const harbour = new Harbour();
    await harbour.seen('pilots-submitted');
    const { engine, fleet } = harbour;
    assert.deepEqual([...engine.pilots.keys()], ['p0', 'p1']);
    assert.equal(fleet.expectedSlots(), 2);
    assert.ok(fleet.joined('p0', { session: 's', slots: 1 }));
    assert.ok(!fleet.joined('of somebody else', { session: 't', slots: 1 }));
    await harbour.end();
    assert.deepEqual(
      new Set([...engine.pilots.values()].map(({ phase }) => phase)),
      new Set(['ended']),
    );
    assert.ok(engine.disposed);
  });

  test('three that die before they join are enough: the provider is given up with their last words', async () => {
    const harbour = new Harbour((engine) => {
      engine.isDeadly = true;
    });
    await harbour.seen('exhausted');
    assert.ok(harbour.engine.pilots.size >= 3 && harbour.engine.pilots.size <= 4);
    assert.match(harbour.exhausted[0] ?? '', /before it joined, and said:\nno such program/);
    await harbour.end();
  });

  test('that an engine refuses are asked for again, which is told once, and no more after three times', async () => {
    const harbour = new Harbour((engine) => {
      engine.refusal = { code: 'PROVIDER_FAILED', message: 'the queue is closed' };
    });
    await harbour.seen('exhausted');
    assert.deepEqual(
      harbour.events.map(({ type }) => type),
      ['provider-trouble', 'provider-given-up'],
    );
    assert.deepEqual(harbour.exhausted[0], 'the queue is closed');
    await harbour.end();
  });
});
