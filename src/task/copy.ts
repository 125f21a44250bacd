import { constants, createWriteStream } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import type { AnalyseCodec, CopyCodec } from '../codecs/codec.js';
import { flacProgram } from '../codecs/programs.js';
import { errorCode } from '../lib/failure.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import { checkDecode } from './decode-check.js';
import { feeding } from './decoding.js';
import type { Attempt, Product } from './attempt.js';
import { orNoSpace } from './length-check.js';
import { problem, writeProblem } from './problem.js';
import type { Problem } from './problem.js';
import { runPrograms } from './run-programs.js';
import { openToolbox } from './toolbox.js';

/** Copies bytes over an existing file so that both share them; writing to one leaves the other as it is. */
export async function shareBytes(from: string, part: string): Promise<Problem | undefined> {
  try {
    await copyFile(from, part, constants.COPYFILE_FICLONE_FORCE);
    return undefined;
  } catch (error) {
    if (!CANNOT_SHARE.has(errorCode(error) ?? '')) return writeProblem(error, part);
    const text = `${from}: the output cannot share the storage of its source here (${errorCode(error)}); write passthrough: copy`;
    return problem({ class: 'environment', code: 'WRITE_FAILED', text });
  }
}

/** Other file systems, and file systems without reflinks. */
const CANNOT_SHARE: ReadonlySet<string> = new Set([
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EXDEV',
  'ENOTTY',
  'EINVAL',
]);

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
export async function copyChecked(
  attempt: Attempt,
  codec: CopyCodec,
): Promise<Result<Product, Problem>> {
  const tools = await openToolbox(codec.programs);
  if (!tools.ok) return tools;
  const wrong =
    (await checkDecode(attempt, tools.value)) ??
    (await copyBytes(attempt.task.source.path, attempt.task.part));
  if (wrong !== undefined) return err(await orNoSpace(wrong, attempt.task.part));
  return ok({ samples: samplesOf(attempt), encoder: 'copy', warnings: [] });
}

/** Leaves a report about the frames of a source that decodes without a fault. */
export async function analyse(
  attempt: Attempt,
  codec: AnalyseCodec,
): Promise<Result<Product, Problem>> {
  const tools = await openToolbox(codec.programs);
  if (!tools.ok) return tools;
  const { task, inspection } = attempt;
  const { feed, input } = feeding({ path: task.source.path, inspection });
  const decoder = tools.value.command(
    flacProgram,
    codec.argv({ source: input, ogg: inspection.ogg }),
  );
  // flac does not notice when its report does not fit on the disk, so it is written from here.
  const sink = createWriteStream(task.part, { flags: 'r+' });
  const end = await runPrograms(attempt, { decoder, feed, readers: [], sink });
  if (sink.errored) return err(writeProblem(sink.errored, task.part));
  if (end.problem !== undefined) return err(end.problem);
  return ok({
    samples: samplesOf(attempt),
    encoder: tools.value.nameOf(flacProgram),
    warnings: [],
  });
}

function samplesOf(attempt: Attempt): number {
  return attempt.inspection.lastFrameEnd ?? attempt.inspection.flac.streamInfo.samples;
}
