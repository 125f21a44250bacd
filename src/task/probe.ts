import { execa } from 'execa';
import type { Program } from '../codecs/codec.js';
import { findProgram } from '../codecs/find-program.js';

/** A program that is there and says what it is. */
export interface ProbedProgram {
  readonly path: string;
  /** `0.2 (libopus 1.3.1)`; `unknown version` when it does not say. */
  readonly version: string;
}

const TIMEOUT_MS = 10_000;
const probed = new Map<string, Promise<ProbedProgram | undefined>>();

/**
 * Looks for programs on PATH and runs each to learn its version. What is missing or cannot be started
 * is not in the map. A program that was found is run once in the life of the process.
 */
export async function probePrograms(
  programs: readonly Program[],
): Promise<ReadonlyMap<string, ProbedProgram>> {
  const found = await Promise.all(
    programs.map(async (program) => [program.name, await probe(program)] as const),
  );
  const map = new Map<string, ProbedProgram>();
  for (const [name, program] of found) if (program !== undefined) map.set(name, program);
  return map;
}

async function probe(program: Program): Promise<ProbedProgram | undefined> {
  const path = await findProgram(program.name, process.env['PATH']);
  if (path === undefined) return undefined;
  const before = probed.get(path);
  if (before !== undefined) return before;
  const running = run(program, path);
  probed.set(path, running);
  const result = await running;
  if (result === undefined) probed.delete(path);
  return result;
}

async function run(program: Program, path: string): Promise<ProbedProgram | undefined> {
  const result = await execa(path, program.versionArgs, {
    all: true,
    reject: false,
    stdin: 'ignore',
    timeout: TIMEOUT_MS,
    env: { LC_ALL: 'C' },
  });
  if (result.exitCode === undefined && result.signal === undefined) return undefined;
  const [, version, library] = program.versionPattern.exec(result.all) ?? [];
  if (version === undefined) return { path, version: 'unknown version' };
  return { path, version: library === undefined ? version : `${version} (${library})` };
}

/** What goes into the ledger as the encoder of an output. */
export function encoderName(program: Program, found: ProbedProgram): string {
  return `${program.name} ${found.version}`;
}
