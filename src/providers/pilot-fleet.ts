import type { Clock } from '../lib/clock.js';
import type { PilotSettings } from '../manifest/provider-settings.js';
import { PilotBook } from './pilot-book.js';
import type { PilotEvent } from './pilot-event.js';
import type { PilotId, PilotStatus, Provider } from './provider.js';
import { MAX_FAILURES, scale } from './scale.js';
import type { ScaleState } from './scale.js';

/** What is left to do, as far as the number of pilots depends on it. */
export type WorkLeft = Pick<ScaleState, 'openTasks' | 'otherSlots' | 'meanTaskMs'>;

export interface PilotFleetOptions {
  readonly provider: Provider;
  readonly settings: PilotSettings;
  readonly clock: Clock;
  readonly work: () => WorkLeft;
  readonly onEvent: (event: PilotEvent) => void;
  /** No pilot is left of a provider that was given up; the text says why. */
  readonly onExhausted: (text: string) => void;
}

/** An agent that joined the master. */
export interface JoinedAgent {
  readonly session: string;
  readonly slots: number;
}

/** Between two questions to the engine: rarer while nothing happens. */
const SHORTEST_LOOK_MS = 1000;
const LONGEST_LOOK_MS = 15_000;
const SLOWER = 1.5;
/** How long the engine may take to end what was cancelled. */
const END_MS = 60_000;

/** The pilots of one provider in one run: keeps as many as the work needs, and leaves none behind. */
export class PilotFleet {
  readonly #options: PilotFleetOptions;
  readonly #book = new PilotBook();
  #wake = new AbortController();
  #lookMs = SHORTEST_LOOK_MS;
  #givenUp: string | undefined;
  #lastTrouble = '';

  constructor(options: PilotFleetOptions) {
    this.#options = options;
  }

  /** Scales until `ended`; after `drain` nothing is asked for. All pilots are gone when it resolves. */
  async run(ended: AbortSignal, drain: AbortSignal): Promise<void> {
    const wake = (): void => this.#wake.abort();
    drain.addEventListener('abort', wake, { once: true });
    while (!ended.aborted) {
      await this.#look();
      if (ended.aborted) break;
      if (drain.aborted) await this.#drain(this.#waiting());
      else await this.#scale();
      await this.#sleep(ended);
    }
    drain.removeEventListener('abort', wake);
    await this.#clear();
  }

  /** Slots of the pilots that work or are to come. */
  expectedSlots(): number {
    const staying = this.#book.views().filter(({ phase }) => phase !== 'draining');
    return staying.length * this.#slots();
  }

  /** `false`: the agent is none of these pilots. */
  joined(pilot: PilotId, agent: JoinedAgent): boolean {
    const isOurs = this.#book.joined(pilot, agent, this.#options.clock.monotonic());
    if (isOurs) this.#hurry();
    return isOurs;
  }

  left(session: string): void {
    if (this.#book.left(session)) this.#hurry();
  }

  #slots(): number {
    return this.#book.slots(this.#options.settings.slots);
  }

  #hurry(): void {
    this.#lookMs = SHORTEST_LOOK_MS;
    this.#wake.abort();
  }

  async #sleep(ended: AbortSignal): Promise<void> {
    this.#wake = new AbortController();
    const until = AbortSignal.any([ended, this.#wake.signal]);
    await this.#options.clock.sleep(this.#lookMs, until).catch(() => undefined);
    this.#lookMs = Math.min(LONGEST_LOOK_MS, this.#lookMs * SLOWER);
  }

  /** Asks the engine where the pilots stand. */
  async #look(): Promise<void> {
    const { provider, onExhausted } = this.#options;
    const { ids } = this.#book;
    if (ids.length > 0) {
      const told = await provider.status(ids);
      if (!told.ok) {
        this.#trouble(told.error.message);
        return;
      }
      this.#lastTrouble = '';
      const died = this.#book.update(told.value);
      if (died.length > 0) await this.#mourn(died);
      if (this.#book.ids.length !== ids.length) this.#lookMs = SHORTEST_LOOK_MS;
    }
    if (this.#givenUp !== undefined && this.#book.ids.length === 0) onExhausted(this.#givenUp);
  }

  async #mourn(died: readonly PilotStatus[]): Promise<void> {
    const last = died.at(-1);
    if (last === undefined || this.#book.failures < MAX_FAILURES) return;
    const said = await this.#options.provider.lastWords(last.id);
    const how = `${last.id} ended (${last.text}) before it joined`;
    this.#giveUp(said === '' ? how : `${how}, and said:\n${said}`);
  }

  #giveUp(text: string): void {
    if (this.#givenUp !== undefined) return;
    this.#givenUp = text;
    this.#options.onEvent({
      type: 'provider-given-up',
      provider: this.#options.provider.name,
      text,
    });
  }

  async #scale(): Promise<void> {
    const { clock, work, settings } = this.#options;
    const { min, max } = settings;
    const { waitMs, failures, lastSubmitMs } = this.#book;
    const state = { min, max, slots: this.#slots(), pilots: this.#book.views(), ...work() };
    const measured = { waitMs, failures, lastSubmitMs };
    const { submit, drain } = scale({ ...state, ...measured }, clock.monotonic());
    if (submit > 0) await this.#submit(submit);
    await this.#drain(drain);
  }

  async #submit(count: number): Promise<void> {
    const { provider, clock, onEvent } = this.#options;
    const told = await provider.submit(count);
    if (!told.ok) {
      this.#book.failures += 1;
      this.#book.lastSubmitMs = clock.monotonic();
      if (this.#book.failures >= MAX_FAILURES) this.#giveUp(told.error.message);
      else this.#trouble(told.error.message);
      return;
    }
    this.#book.add(told.value, clock.monotonic());
    this.#lookMs = SHORTEST_LOOK_MS;
    onEvent({ type: 'pilots-submitted', provider: provider.name, count: told.value.length });
  }

  async #drain(ids: readonly PilotId[]): Promise<void> {
    if (ids.length === 0) return;
    const told = await this.#options.provider.cancel(ids, { drain: true });
    if (told.ok) this.#book.drained(ids);
    else this.#trouble(told.error.message);
  }

  /** Pilots that have not begun. */
  #waiting(): readonly PilotId[] {
    return this.#book.views().flatMap(({ id, phase }) => (phase === 'pending' ? [id] : []));
  }

  /** The same trouble is told once. */
  #trouble(text: string): void {
    if (text === this.#lastTrouble) return;
    this.#lastTrouble = text;
    this.#options.onEvent({
      type: 'provider-trouble',
      provider: this.#options.provider.name,
      text,
    });
  }

  /** Ends what the engine still has, and waits until it says that nothing is left. */
  async #clear(): Promise<void> {
    const { provider, clock, onEvent } = this.#options;
    const startMs = clock.monotonic();
    for (;;) {
      const listed = await provider.list('own');
      const left = listed.ok ? listed.value.filter(({ phase }) => phase !== 'ended') : undefined;
      if (left?.length === 0) break;
      const ids = left?.map(({ id }) => id) ?? this.#book.ids;
      if (clock.monotonic() - startMs > END_MS) {
        onEvent({ type: 'pilots-left', provider: provider.name, ids });
        break;
      }
      const told = await provider.cancel(ids, { drain: false });
      if (!told.ok) this.#trouble(told.error.message);
      await clock.sleep(CLEAR_MS);
    }
    await provider.dispose();
  }
}

/** Between two looks at what is being cancelled. */
const CLEAR_MS = 200;
