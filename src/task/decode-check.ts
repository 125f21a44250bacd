import { decoding } from './decoding.js';
import type { Job } from './job.js';
import type { Problem } from './problem.js';
import { runJob } from './run-job.js';
import type { Toolbox } from './toolbox.js';

/** Decodes a source and throws the audio away; `undefined`: all of it is there and right. */
export async function checkDecode(job: Job, tools: Toolbox): Promise<Problem | undefined> {
  const source = { path: job.task.source.path, inspection: job.inspection };
  const end = await runJob(job, { ...decoding(source, 'check', tools), readers: [] });
  return end.problem;
}
