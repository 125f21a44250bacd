import type { Clock } from '../lib/clock.js';
import type { Capabilities, RunRoot } from './contract.js';
import { judgeStorage } from './judge-storage.js';
import { judgeTools } from './judge-tools.js';
import type { Hello, Probe, Probed, RootQuestion } from './message.gen.js';
import { RAW_ARGS } from './need.js';
import type { Lacks, Need } from './need.js';
import { NO_RAW_ARGS } from './task-guard.js';

/** What becomes of agents whose programs have other versions than the master's. */
export type UniformTools = 'require' | 'warn' | 'allow';

/** What a run asks of the agents that come from elsewhere. */
export interface FleetRules {
  readonly roots: readonly RunRoot[];
  readonly uniformTools: UniformTools;
  /** The programs of the master's own machine. */
  readonly ownTools: () => Promise<Capabilities>;
  /** Puts files into the folders by which an agent knows them; `end` removes those again. */
  readonly askStorage: () => Promise<{
    readonly questions: readonly RootQuestion[];
    readonly end: () => Promise<void>;
  }>;
}

/** May the agent work, and what can it not do? Notes are for the agent's people too. */
export type Admitted =
  | { readonly refused: { readonly code: string; readonly text: string } }
  | { readonly lacks: Lacks; readonly notes: readonly string[] };

/** What an admission goes by. */
export interface AdmissionOptions {
  readonly fleet: FleetRules;
  /** What each kind of task needs. */
  readonly kinds: readonly (readonly Need[])[];
  readonly clock: Clock;
  readonly probeMs: number;
}

/** Sends a PROBE and resolves to its answer; `undefined`: the agent is gone. */
export type AskAgent = (questions: Pick<Probe, 'roots'>) => Promise<Probed | undefined>;

/** Looks at agents before they get work: have they the programs, do they see the files? */
export class Admission {
  readonly #options: AdmissionOptions;
  readonly #needs: readonly Need[];
  /** The versions that the run goes by: the master's, else those of the first agent that has them. */
  #reference: Promise<Capabilities> | undefined;

  constructor(options: AdmissionOptions) {
    this.#options = options;
    this.#needs = [...new Set(options.kinds.flat())];
  }

  /** What an agent of the master's own machine lacks; it sees the same files. */
  ofOwn(hello: Hello): Lacks {
    return judgeTools(this.#needs, hello.capabilities, {}).lacks;
  }

  /** Resolves to `undefined` when the agent went away meanwhile. Rejects when the ledger does. */
  async admit(hello: Hello, ask: AskAgent): Promise<Admitted | undefined> {
    const { fleet } = this.#options;
    const tools = judgeTools(this.#needs, hello.capabilities, await this.#versions(hello));
    const differing = tools.differing.join(', ');
    if (differing !== '' && fleet.uniformTools === 'require') {
      const text = `it has ${differing}; install the same, or set cluster.uniformTools to warn`;
      return { refused: { code: 'TOOLS', text } };
    }
    const storage = await this.#storage(ask);
    if (storage === undefined) return undefined;
    const lacks: Lacks = new Map([...storage.lacks, ...tools.lacks, ...lacksArgs(hello)]);
    const reasons = this.#needs.flatMap((need) => lacks.get(need) ?? []);
    if (this.#options.kinds.length > 0 && !this.#canAnything(lacks)) {
      return { refused: { code: 'UNFIT', text: distinct(reasons).join('; ') } };
    }
    const other = differing === '' || fleet.uniformTools === 'allow' ? [] : [otherBytes(differing)];
    return { lacks, notes: distinct([...reasons.map(without), ...other, ...storage.notes]) };
  }

  async #versions(hello: Hello): Promise<Capabilities> {
    const before = this.#reference ?? this.#options.fleet.ownTools();
    this.#reference = before.then((known) => ({ ...hello.capabilities, ...known }));
    return before;
  }

  async #storage(ask: AskAgent): Promise<ReturnType<typeof judgeStorage> | undefined> {
    const { fleet, clock, probeMs } = this.#options;
    const { questions, end } = await fleet.askStorage();
    const answered = new AbortController();
    try {
      const sentMs = clock.now();
      const late = clock.sleep(probeMs, answered.signal).then(
        () => 'late' as const,
        () => undefined,
      );
      const answer = await Promise.race([ask({ roots: [...questions] }), late]);
      if (answer === undefined) return undefined;
      const probed = answer === 'late' ? undefined : answer;
      return judgeStorage(questions, probed, { sentMs, nowMs: clock.now() });
    } finally {
      answered.abort();
      await end();
    }
  }

  #canAnything(lacks: Lacks): boolean {
    return this.#options.kinds.some((needs) => !needs.some((need) => lacks.has(need)));
  }
}

function lacksArgs({ rawArgs }: Hello): readonly (readonly [Need, string])[] {
  return rawArgs === true ? [] : [[RAW_ARGS, NO_RAW_ARGS]];
}

function without(reason: string): string {
  return `gets no outputs that need it: ${reason}`;
}

function otherBytes(differing: string): string {
  return `has ${differing}: its outputs may differ from those made elsewhere (cluster.uniformTools)`;
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
