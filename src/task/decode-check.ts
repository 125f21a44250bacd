import { decoding } from './decoding.js';
import type { Attempt } from './attempt.js';
import type { Problem } from './problem.js';
import { runPrograms } from './run-programs.js';
import type { Toolbox } from './toolbox.js';

/** Decodes a source and throws the audio away; `undefined`: all of it is there and right. */
export async function checkDecode(attempt: Attempt, tools: Toolbox): Promise<Problem | undefined> {
  const source = { path: attempt.task.source.path, inspection: attempt.inspection };
  const end = await runPrograms(attempt, { ...decoding(source, 'check', tools), readers: [] });
  return end.problem;
}
