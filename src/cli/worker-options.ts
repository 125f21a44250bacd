import { parseAllowedRoot } from '../cluster/allowed-root.js';
import type { AllowedRoot } from '../cluster/allowed-root.js';
import type { AgentLimits } from '../cluster/agent-limits.js';
import { parsePathMap } from '../cluster/path-map.js';
import type { PathMap } from '../cluster/path-map.js';
import { OWN_MASTER } from '../cluster/task-guard.js';
import type { AgentRules } from '../cluster/task-guard.js';
import { parseWorkingHours } from '../cluster/working-hours.js';
import type { WorkingHours } from '../cluster/working-hours.js';
import type { Failure } from '../lib/failure.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import { isDuration, parseDuration } from '../manifest/units.js';
import type { OptionValues } from './command.js';

/** What a worker does for a master, and when. */
export const WORKER_OPTIONS = {
  map: {
    type: 'string',
    placeholder: 'FROM=TO',
    repeatable: true,
    description:
      'this machine has the folder FROM of the master at TO; FROM is its path there, or the name that the manifest has for it',
  },
  root: {
    type: 'string',
    placeholder: 'PATH[:ro|:rw]',
    repeatable: true,
    description:
      'use files of this machine below PATH only, links included; with :ro only read them. Otherwise whatever the master names',
  },
  'allow-raw-args': {
    type: 'boolean',
    description: 'also run encoders with raw arguments (args of a profile)',
  },
  nice: {
    type: 'integer',
    placeholder: 'N',
    min: -20,
    max: 19,
    description: 'run with this niceness, encoders too: 19 is the most modest',
  },
  ionice: {
    type: 'string',
    placeholder: 'CLASS',
    choices: ['idle', 'best-effort', 'realtime'],
    description: 'use disks in this class of ionice(1), encoders too',
  },
  'max-load': {
    type: 'string',
    placeholder: 'N',
    description:
      'take nothing more while the load of the last minute is above N, as `make -l` does; the master gives it to others',
  },
  hours: {
    type: 'string',
    placeholder: 'FROM-TO',
    description:
      'work only then, in local time: 22-07, or 12:30-13:15,22-07. Otherwise finish what runs and wait, connected',
  },
  lifetime: {
    type: 'string',
    placeholder: 'DURATION',
    description: 'be gone after so long (90m, 4h): takes nothing more in time to finish what runs',
  },
  idle: {
    type: 'string',
    placeholder: 'DURATION',
    description: 'leave after so long without anything to do',
  },
  'orphan-after': {
    type: 'string',
    placeholder: 'DURATION',
    description:
      'end after so long without a master: 30s, 5m; otherwise wait for the first as long as it takes, and 10 minutes for one that was lost',
  },
  pilot: {
    type: 'string',
    placeholder: 'ID',
    description: 'what the engine that started this worker calls it (see `flac2all workers`)',
  },
} as const;

/** What the options of a worker mean. */
export interface WorkerSettings {
  readonly rules: AgentRules;
  readonly limits: AgentLimits;
  readonly orphanMs: number | undefined;
}

type Values = OptionValues<typeof WORKER_OPTIONS> & { readonly 'started-by-master': boolean };

/** Reads the options, or says which one is wrong. */
export function workerSettings(values: Values): Result<WorkerSettings, Failure> {
  const maps = readAll(values.map, 'map', parsePathMap);
  if (!maps.ok) return maps;
  const roots = readAll(values.root, 'root', parseAllowedRoot);
  if (!roots.ok) return roots;
  const limits = readLimits(values);
  if (!limits.ok) return limits;
  const orphanMs = readDuration(values['orphan-after'], 'orphan-after');
  if (!orphanMs.ok) return orphanMs;
  const rules = rulesOf(values, maps.value, roots.value);
  return ok({ rules, limits: limits.value, orphanMs: orphanMs.value });
}

function rulesOf(
  values: Values,
  maps: readonly PathMap[],
  roots: readonly AllowedRoot[],
): AgentRules {
  const allowed = roots.length === 0 ? undefined : roots;
  if (values['started-by-master']) return { ...OWN_MASTER, maps, roots: allowed };
  return { maps, roots: allowed, rawArgs: values['allow-raw-args'] };
}

function readLimits(values: Values): Result<AgentLimits, Failure> {
  const maxLoad = readLoad(values['max-load']);
  if (!maxLoad.ok) return maxLoad;
  const hours = readHours(values.hours);
  if (!hours.ok) return hours;
  const lifetimeMs = readDuration(values.lifetime, 'lifetime');
  if (!lifetimeMs.ok) return lifetimeMs;
  const idleMs = readDuration(values.idle, 'idle');
  if (!idleMs.ok) return idleMs;
  return ok({
    maxLoad: maxLoad.value,
    hours: hours.value,
    lifetimeMs: lifetimeMs.value,
    idleMs: idleMs.value,
  });
}

function readAll<T>(
  texts: readonly string[],
  option: string,
  read: (text: string) => Result<T, string>,
): Result<readonly T[], Failure> {
  const all: T[] = [];
  for (const text of texts) {
    const one = read(text);
    if (!one.ok) return err(usage(`--${option}: ${one.error}`));
    all.push(one.value);
  }
  return ok(all);
}

function readHours(text: string | undefined): Result<readonly WorkingHours[] | undefined, Failure> {
  if (text === undefined) return ok(undefined);
  const hours = parseWorkingHours(text);
  return hours.ok ? hours : err(usage(`--hours: ${hours.error}`));
}

function readLoad(text: string | undefined): Result<number | undefined, Failure> {
  if (text === undefined) return ok(undefined);
  const load = /^\d{1,5}(?:\.\d{1,3})?$/.test(text) ? Number(text) : 0;
  return load > 0 ? ok(load) : err(usage(`--max-load takes a number above 0, but got "${text}"`));
}

function readDuration(
  text: string | undefined,
  option: string,
): Result<number | undefined, Failure> {
  if (text === undefined) return ok(undefined);
  const ms = isDuration(text) ? parseDuration(text) : 0;
  if (ms > 0) return ok(ms);
  return err(usage(`--${option} takes a time like 90s, 30m or 4h, but got "${text}"`));
}

function usage(message: string): Failure {
  return { code: 'USAGE', message, hint: 'flac2all worker --help tells more' };
}
