import { constants } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import type { AnalyseCodec, CopyCodec } from '../codecs/codec.js';
import { flacProgram } from '../codecs/programs.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import { checkDecode } from './decode-check.js';
import type { Job, Product } from './job.js';
import { orNoSpace } from './length-check.js';
import { writeProblem } from './problem.js';
import type { Problem } from './problem.js';
import { runJob } from './run-job.js';
import { openToolbox } from './toolbox.js';

/** Copies bytes over an existing file, sharing them where the file system can. */
export async function copyBytes(from: string, part: string): Promise<Problem | undefined> {
  try {
    await copyFile(from, part, constants.COPYFILE_FICLONE);
    return undefined;
  } catch (error) {
    return writeProblem(error, part);
  }
}

/** Copies a FLAC file when all of its audio can be decoded. */
export async function copyChecked(job: Job, codec: CopyCodec): Promise<Result<Product, Problem>> {
  const tools = await openToolbox(codec.programs);
  if (!tools.ok) return tools;
  const wrong =
    (await checkDecode(job, tools.value)) ?? (await copyBytes(job.task.source.path, job.task.part));
  if (wrong !== undefined) return err(await orNoSpace(wrong, job.task.part));
  return ok({ samples: samplesOf(job), encoder: 'copy', warnings: [] });
}

/** Leaves a report about the frames of a source that decodes without a fault. */
export async function analyse(job: Job, codec: AnalyseCodec): Promise<Result<Product, Problem>> {
  const tools = await openToolbox(codec.programs);
  if (!tools.ok) return tools;
  const args = codec.argv({ source: job.task.source.path, output: job.task.part });
  const end = await runJob(job, { decoder: tools.value.command(flacProgram, args), readers: [] });
  if (end.problem !== undefined) return err(await orNoSpace(end.problem, job.task.part));
  return ok({
    samples: samplesOf(job),
    encoder: tools.value.nameOf(flacProgram),
    warnings: [],
  });
}

function samplesOf(job: Job): number {
  return job.inspection.lastFrameEnd ?? job.inspection.flac.streamInfo.samples;
}
