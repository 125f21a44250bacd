import { dirname } from 'node:path';
import { codecOf, familyMember } from '../codecs/codecs.js';
import type { AbsolutePath } from '../lib/brand.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import { validatorFor } from '../lib/schema-validator.js';
import { failedOutcome } from '../task/problem.js';
import type { Failed, Task } from '../task/task.js';
import { isAllowed, notAllowed } from './allowed-root.js';
import type { Access, AllowedRoot } from './allowed-root.js';
import { localPath } from './path-map.js';
import type { PathMap, PlacedMap } from './path-map.js';

/** What an agent does for a master, and what not, whatever the master says. */
export interface AgentRules {
  readonly maps: readonly PathMap[];
  /** `undefined`: whatever the master names. */
  readonly roots: readonly AllowedRoot[] | undefined;
  /** Encoders may be run with raw arguments of the user. */
  readonly rawArgs: boolean;
  /** Options are as this very program made them: not looked at again. */
  readonly trusting?: boolean;
}

/** The rules of an agent that the master started itself. */
export const OWN_MASTER: AgentRules = { maps: [], roots: undefined, rawArgs: true, trusting: true };

/** Rules whose maps are placed. */
export interface PlacedRules extends Omit<AgentRules, 'maps'> {
  readonly maps: readonly PlacedMap[];
}

/**
 * The task with the paths of this machine, or why it is not done here. An agent writes nothing but a
 * part file beside the output, and builds the arguments of encoders itself, from options that it has
 * checked.
 */
export function admitTask(task: Task, rules: PlacedRules): Result<Task, Failed> {
  const problem = recipeProblem(task, rules) ?? placeProblem(task);
  if (problem !== undefined) return err(refused(problem));
  const here = moved(task, rules.maps);
  const uses: readonly (readonly [AbsolutePath, Access])[] = [
    [here.source.path, 'read'],
    ...(here.folderPicture === undefined ? [] : [[here.folderPicture.path, 'read'] as const]),
    ...(here.reuse === undefined ? [] : [[here.reuse.path, 'read'] as const]),
    [here.part, 'write'],
  ];
  const wrong = uses.find(([path, access]) => !isAllowed(path, access, rules.roots));
  return wrong === undefined ? ok(here) : err(refused(notAllowed(...wrong)));
}

/** A task that the agent does not do, whoever asks. */
export function refused(text: string): Failed {
  return failedOutcome({ class: 'environment', code: 'NOT_ALLOWED', text });
}

function recipeProblem({ recipe, sidecar }: Task, rules: PlacedRules): string | undefined {
  const { audio } = recipe;
  if (audio.args.length > 0 && !rules.rawArgs) return NO_RAW_ARGS;
  // What nobody knows fails as it always does; what is copied as it is has no codec.
  if (sidecar || codecOf(audio) === undefined || rules.trusting === true) return undefined;
  const validate = validatorFor(`options-${familyMember(audio.codec)?.family.name ?? audio.codec}`);
  if (validate(audio.options)) return undefined;
  const [first] = validate.errors ?? [];
  const where = `${first?.instancePath ?? ''} ${first?.message ?? 'wrong'}`.trim();
  return `the options for ${audio.codec} are none that this worker runs it with: ${where}`;
}

/** Why raw arguments are refused, and the way out. */
export const NO_RAW_ARGS =
  'the profile has raw arguments (args), and the worker was started without --allow-raw-args';

function placeProblem({ output, part }: Task): string | undefined {
  if (dirname(part) === dirname(output) && part !== output) return undefined;
  return `${part} is not beside ${output}: a worker writes nothing else`;
}

function moved(task: Task, maps: readonly PlacedMap[]): Task {
  if (maps.length === 0) return task;
  const { source, folderPicture, output, part, reuse } = task;
  const here = <T extends { readonly path: AbsolutePath }>(place: T): T => ({
    ...place,
    path: localPath(place.path, maps),
  });
  return {
    ...task,
    source: here(source),
    output: localPath(output, maps),
    part: localPath(part, maps),
    ...(folderPicture && { folderPicture: here(folderPicture) }),
    ...(reuse && { reuse: here(reuse) }),
  };
}
