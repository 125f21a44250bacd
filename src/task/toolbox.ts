import type { Program } from '../codecs/codec.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import type { Command } from './child.js';
import { encoderName, probePrograms } from './probe.js';
import { problem } from './problem.js';
import type { Problem } from './problem.js';

/** The programs that a task needs, all of them there. */
export interface Toolbox {
  command(program: Program, args: readonly string[]): Command;
  /** `opusenc 0.2 (libopus 1.3.1)`. */
  nameOf(program: Program): string;
  /** `0.2 (libopus 1.3.1)`. */
  versionOf(program: Program): string;
}

/** Finds all programs, or says which one is missing, after what it is wanted for (a sentence part). */
export async function openToolbox(
  programs: readonly Program[],
  why?: string,
): Promise<Result<Toolbox, Problem>> {
  const found = await probePrograms(programs);
  const missing = programs.find((program) => !found.has(program.name));
  if (missing !== undefined) {
    const what = `${missing.name} is not on PATH (Debian package ${missing.packages.debian})`;
    const text = why === undefined ? what : `${why}, and ${what}`;
    return err(problem({ class: 'environment', code: 'ENCODER_MISSING', text }));
  }
  const probeOf = (program: Program) => found.get(program.name) ?? { path: '', version: '' };
  return ok({
    command: (program, args) => ({ name: program.name, path: probeOf(program).path, args }),
    versionOf: (program) => probeOf(program).version,
    nameOf: (program) => encoderName(program, probeOf(program)),
  });
}
