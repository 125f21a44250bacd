import { codecOf } from '../codecs/codecs.js';
import type { Brand } from '../lib/brand.js';
import { isWithin } from '../lib/path-within.js';
import type { Task } from '../task/task.js';
import type { RootUse, RunRoot } from './contract.js';

/** Something that an agent must have or see for a task; equal needs are equal texts. */
export type Need = Brand<string, 'Need'>;

/** What an agent cannot do, each with the reason in words for people. */
export type Lacks = ReadonlyMap<Need, string>;

/** The encoder is run with raw arguments of the user. */
export const RAW_ARGS: Need = 'raw arguments' as Need;

const PROGRAM = 'program ';

/** A program on PATH; `ffmpeg:NAME` is an encoder inside ffmpeg. */
export function programNeed(name: string): Need {
  return `${PROGRAM}${name}` as Need;
}

/** The name that `programNeed` was made of; `undefined` for other needs. */
export function programOf(need: Need): string | undefined {
  return need.startsWith(PROGRAM) ? need.slice(PROGRAM.length) : undefined;
}

/** A folder that is seen as the master sees it. */
export function rootNeed({ path, use }: Pick<RunRoot, 'path' | 'use'>): Need {
  return `${use} ${path}` as Need;
}

/** Everything that a task needs of an agent. Where only tags are written, no encoder. */
export function needsOf(task: Task, roots: readonly RunRoot[]): readonly Need[] {
  return [
    ...rootsOf(roots, 'source', task.source.path),
    ...rootsOf(roots, 'output', task.output),
    ...(task.sidecar || task.reuse !== undefined ? [] : programsOf(task)),
    ...(task.recipe.audio.args.length > 0 ? [RAW_ARGS] : []),
  ];
}

function rootsOf(roots: readonly RunRoot[], use: RootUse, path: string): readonly Need[] {
  const around = roots.filter((root) => root.use === use && isWithin(path, root.path));
  const [innermost] = around.toSorted((a, b) => b.path.length - a.path.length);
  return innermost === undefined ? [] : [rootNeed(innermost)];
}

function programsOf({ recipe }: Task): readonly Need[] {
  const codec = codecOf(recipe.audio);
  if (codec === undefined) return [];
  const inner = codec.kind === 'encode' ? codec.ffmpegEncoder : undefined;
  const names = codec.programs.map(({ name }) => name);
  return [...names, ...(inner === undefined ? [] : [`ffmpeg:${inner}`])].map(programNeed);
}
