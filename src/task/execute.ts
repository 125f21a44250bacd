import { open, rm, writeFile } from 'node:fs/promises';
import { codecOf } from '../codecs/codecs.js';
import type { Codec } from '../codecs/codec.js';
import type { Sha256 } from '../lib/brand.js';
import { sha256Of } from '../lib/checksum.js';
import { nowNs, systemClock } from '../lib/clock.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import { unreachable } from '../lib/unreachable.js';
import { audioIdOfFile } from '../sources/flac-identity.js';
import { NO_TAGS } from '../sources/identity.js';
import type { AudioId } from '../sources/identity.js';
import { analyse, copyBytes, copyChecked, shareBytes } from './copy.js';
import { outputTagId } from './cover.js';
import { encode } from './encode.js';
import { inspectSource } from './inspect-source.js';
import type { Attempt, Product } from './attempt.js';
import { cancelled, failedOutcome, problem, writeProblem } from './problem.js';
import type { Problem } from './problem.js';
import { retag } from './reuse.js';
import { checkSource, digestSource, isRacySource, sealPart } from './seal.js';
import type { ExecuteContext, Made, Outcome, Task } from './task.js';

/**
 * Runs one task to its outcome. `made`: the part file is complete, verified and on stable storage.
 * `failed`: no program of the task runs any more and the part file is gone. Never rejects, but for bugs.
 */
export async function executeTask(task: Task, context: ExecuteContext): Promise<Outcome> {
  const begin = systemClock.monotonic();
  const result = await perform(task, context);
  const ms = Math.round(systemClock.monotonic() - begin);
  if (result.ok) return { status: 'made', ...result.value, ms };
  return failedOutcome(result.error, ms);
}

type AttemptResult = Result<Omit<Made, 'status' | 'ms'>, Problem>;

async function perform(task: Task, context: ExecuteContext): Promise<AttemptResult> {
  if (context.signal.aborted) return err(cancelled());
  const changed = await checkSource(task);
  if (changed !== undefined) return err(changed);
  const created = await createPart(task.part);
  if (created !== undefined) return err(created);
  let result: AttemptResult | undefined;
  try {
    context.onStart();
    result = await fill(task, context);
    if (!result.ok && context.signal.aborted) return err(cancelled());
    return result.ok ? result : await blame(task, result);
  } finally {
    if (result?.ok !== true) await rm(task.part, { force: true });
  }
}

/** When the source changed meanwhile, that is why, and not what a program said of the mixture. */
async function blame(task: Task, failed: AttemptResult): Promise<AttemptResult> {
  const changed = await checkSource(task);
  return changed === undefined ? failed : err(changed);
}

/** Exclusively: a file of that name that is there already is not ours, and stays. */
async function createPart(path: string): Promise<Problem | undefined> {
  try {
    await (await open(path, 'wx')).close();
    return undefined;
  } catch (error) {
    return writeProblem(error, path);
  }
}

async function fill(task: Task, context: ExecuteContext): Promise<AttemptResult> {
  const made = await (task.sidecar ? copySidecar(task, context) : makeOutput(task, context));
  if (!made.ok) return made;
  const part = await sealPart(task.part);
  if (!part.ok) return part;
  const changed = await checkSource(task);
  if (changed !== undefined) return err(changed);
  const { mtimeNs, ...sealed } = part.value;
  const { stat } = task.source;
  const racy = isRacySource(stat, { localNs: nowNs(systemClock), partNs: mtimeNs });
  const { source, ...rest } = made.value;
  return ok({ ...rest, part: sealed, source: { ...source, stat, racy } });
}

interface Filled extends Product {
  readonly sampleRate: number;
  readonly source: Pick<Made['source'], 'sha256' | 'audioId' | 'tagId'>;
}

async function copySidecar(task: Task, context: ExecuteContext): Promise<Result<Filled, Problem>> {
  context.onRunning?.();
  const content = task.playlist && Buffer.from(task.playlist.content, 'latin1');
  const failed = await fillSidecar(task, content);
  if (failed !== undefined) return err(failed);
  const digest = await digestSource(task);
  if (!digest.ok) return digest;
  const source = {
    sha256: digest.value,
    audioId: audioIdOfFile(content === undefined ? digest.value : sha256Of(content)),
    tagId: NO_TAGS,
  };
  const warnings = task.playlist?.warnings ?? [];
  return ok({ samples: 0, sampleRate: 0, encoder: 'copy', warnings, source });
}

async function fillSidecar(
  { source, part, shared }: Task,
  content: Buffer | undefined,
): Promise<Problem | undefined> {
  if (content === undefined) {
    return shared === true ? shareBytes(source.path, part) : copyBytes(source.path, part);
  }
  try {
    await writeFile(part, content);
    return undefined;
  } catch (error) {
    return writeProblem(error, part);
  }
}

async function makeOutput(task: Task, context: ExecuteContext): Promise<Result<Filled, Problem>> {
  const codec = codecOf(task.recipe.audio);
  if (codec === undefined) {
    const text = `this worker does not know the codec "${task.recipe.audio.codec}"`;
    return err(problem({ class: 'environment', code: 'ENCODER_MISSING', text }));
  }
  const inspected = await inspectSource(task.source.path);
  if (!inspected.ok) return inspected;
  const inspection = inspected.value;
  let digesting: ReturnType<typeof digestSource> | undefined;
  const digestOnce = () => (digesting ??= digestSource(task));
  const { audioId: headerId, tagId } = inspection.flac.identity;
  const encodes = codec.kind === 'encode';
  const audioId = headerId === undefined ? idOfDigest(await digestOnce()) : ok(headerId);
  if (!audioId.ok) return audioId;
  const onRunning = (): void => {
    context.onRunning?.();
    // What becomes of it is asked below.
    digestOnce().catch(() => undefined);
  };
  const attempt: Attempt = { task, inspection, ...context, onRunning };
  const product = await produce(attempt, codec, audioId.value);
  if (!product.ok) {
    await digesting?.catch(() => undefined);
    return product;
  }
  const digest = await digestOnce();
  if (!digest.ok) return digest;
  return ok({
    ...product.value,
    warnings: [...(encodes ? inspection.warnings : []), ...product.value.warnings],
    sampleRate: inspection.pcm.sampleRate,
    source: {
      sha256: digest.value,
      audioId: audioId.value,
      tagId: encodes ? outputTagId(attempt) : tagId,
    },
  });
}

function idOfDigest(digest: Result<Sha256, Problem>): Result<AudioId, Problem> {
  return digest.ok ? ok(audioIdOfFile(digest.value)) : digest;
}

async function produce(
  attempt: Attempt,
  codec: Codec,
  audioId: AudioId,
): Promise<Result<Product, Problem>> {
  switch (codec.kind) {
    case 'copy':
      return copyChecked(attempt, codec);
    case 'analyse':
      return analyse(attempt, codec);
    case 'encode': {
      const from = attempt.task.reuse;
      const reused = from && (await retag(attempt, codec, { from, audioId }));
      return reused ? ok(reused) : encode(attempt, codec, audioId);
    }
    default:
      return unreachable(codec);
  }
}
