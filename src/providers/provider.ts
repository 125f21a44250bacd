import type { ClusterKey } from '../cluster/key-file.js';
import type { Failure } from '../lib/failure.js';
import type { Result } from '../lib/result.js';
import type { SystemdSettings } from '../manifest/provider-settings.js';
import type { CommandRunner } from './command-runner.js';
import type { ProviderFailureCode } from './failure.js';

export type ProviderFailure = Failure<ProviderFailureCode>;

/** What an engine calls a pilot; a pilot is a worker process that an engine started. */
export type PilotId = string;

/** `pending`: the engine has not started it, or starts it again. `ended`: it will never work again. */
export type PilotPhase = 'pending' | 'running' | 'ended';

/** Where a pilot stands, as its engine tells. */
export interface PilotStatus {
  readonly id: PilotId;
  /** The run that it was submitted for. */
  readonly run: string;
  readonly phase: PilotPhase;
  /** For people: why it waits, how it ended. */
  readonly text: string;
}

/** A file that an engine takes, without secrets. */
export interface RenderedFile {
  readonly name: string;
  readonly content: string;
}

/**
 * An engine that starts and stops pilots. No method rejects; every call of the engine's programs ends
 * within a time limit.
 */
export interface Provider {
  /** Of the manifest. */
  readonly name: string;
  /** Whether the engine's programs are here and answer. */
  check(): Promise<Result<void, ProviderFailure>>;
  /** What would be submitted for so many pilots. Keys are not in it. */
  render(count: number): readonly RenderedFile[];
  /** Asks for more pilots; returns their ids, of all that were asked for before a failure too. */
  submit(count: number): Promise<Result<readonly PilotId[], ProviderFailure>>;
  /** All pilots that the engine knows of, of this run or of any. */
  list(runs: 'own' | 'all'): Promise<Result<readonly PilotStatus[], ProviderFailure>>;
  /** Where these stand, in one call of the engine; what it does not know any more has ended. */
  status(
    ids: readonly PilotId[],
  ): Promise<Result<ReadonlyMap<PilotId, PilotStatus>, ProviderFailure>>;
  /**
   * Ends pilots. `drain`: those that run may finish what they have; those that wait never start.
   * Ids that are gone already are no failure.
   */
  cancel(
    ids: readonly PilotId[],
    options: { readonly drain: boolean },
  ): Promise<Result<void, ProviderFailure>>;
  /** What a pilot that ended said last; empty when nobody knows. */
  lastWords(id: PilotId): Promise<string>;
  /** Removes what `submit` made beside pilots. */
  dispose(): Promise<void>;
}

/** What all pilots of a run need to know. */
export interface PilotContext {
  /** Of letters and digits: part of what engines call pilots. */
  readonly run: string;
  /** Where they find the master. */
  readonly endpoint: string;
  readonly key: PilotKey;
  /** Of this run alone; engines on other machines see it under the same path. */
  readonly folder: string;
  /** The manifest's path, for units that apply it. */
  readonly manifest: string;
}

/** How pilots open the master's door. `none`: an address of this machine, where nobody is asked. */
export type PilotKey =
  | { readonly kind: 'none' }
  | { readonly kind: 'insecure' }
  | { readonly kind: 'key'; readonly key: ClusterKey; readonly file: string };

/** What providers reach the world with. */
export interface ProviderPorts {
  readonly runner: CommandRunner;
  /** What starts flac2all on this machine: the program and its first arguments. */
  readonly self: readonly string[];
  /** Where systemd looks for units. */
  readonly unitFolder: (scope: SystemdSettings['scope']) => string;
}
