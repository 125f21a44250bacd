import type { AbsolutePath } from '../lib/brand.js';
import type { Clock } from '../lib/clock.js';
import type { Result } from '../lib/result.js';
import type { Failed, Task } from '../task/task.js';
import { whereLinksLeadOut } from './allowed-root.js';
import type { Execute } from './contract.js';
import type { Probe, Probed, RootQuestion } from './message.gen.js';
import { placeMaps } from './path-map.js';
import type { NamedRoot, PlacedMap } from './path-map.js';
import { lookAtStorage } from './storage-look.js';
import { admitTask, refused } from './task-guard.js';
import type { AgentRules } from './task-guard.js';

/** What an agent does without being told: all that a master names, by its own paths. */
export const USUAL_RULES: AgentRules = { maps: [], roots: undefined, rawArgs: false };

/** The files of an agent's machine, as its rules let a master use them. */
export class AgentStorage {
  readonly #rules: AgentRules;
  #maps: readonly PlacedMap[];

  constructor(rules: AgentRules) {
    this.#rules = rules;
    const placed = placeMaps(rules.maps, []);
    this.#maps = placed.ok ? placed.value : [];
  }

  /** Answers a PROBE; from here on maps by name stand for the folders that it names. */
  async look({ id, roots }: Probe, clock: Clock): Promise<Probed> {
    const placed = placeMaps(this.#rules.maps, roots.map(namedRoot));
    if (!placed.ok) {
      const problem = placed.error.slice(0, 4096);
      const answers = roots.map(({ path, use }) => ({ path, use, problem }));
      return { id, clockMs: clock.now(), roots: answers };
    }
    this.#maps = placed.value;
    const answers = await lookAtStorage(roots, { ...this.#rules, maps: this.#maps });
    return { id, clockMs: clock.now(), roots: answers };
  }

  /** The task as this machine does it, or why it does not. */
  admit(task: Task): Result<Task, Failed> {
    return admitTask(task, { ...this.#rules, maps: this.#maps });
  }

  /** Runs an admitted task, unless links lead out of the folders that may be used. */
  guarded(execute: Execute): Execute {
    const { roots } = this.#rules;
    if (roots === undefined) return execute;
    return async (task, context) => {
      const out = await whereLinksLeadOut(task, roots);
      return out === undefined ? execute(task, context) : refused(out);
    };
  }
}

function namedRoot({ name, path }: RootQuestion): NamedRoot {
  return { name, path: path as AbsolutePath };
}
