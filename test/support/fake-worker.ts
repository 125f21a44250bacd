import { lstatSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { AbsolutePath } from '#src/lib/brand.js';
import { sha256Of } from '#src/lib/checksum.js';
import { statKey } from '#src/lib/stat-key.js';
import type { HandOut } from '#src/run/encode-stage.js';
import { readFlacHeader } from '#src/sources/flac-header.js';
import type { AudioId, TagId } from '#src/sources/identity.js';
import type { Failed, Made, Task } from '#src/task/task.js';

/** What a fake worker does with a task: `undefined` makes it. */
export type Work = (task: Task) => Failed | undefined;

/** What a fake worker's encoder for a codec calls itself. */
export type EncoderOf = (codec: string) => string;

/** Makes every task, one after the other, as a worker would: part first, then the commit. */
export function fakeWorker(
  work: Work = () => undefined,
  encoderOf: EncoderOf = () => 'fake 1',
): HandOut {
  return async ({ tasks, epoch, lease, commit, onFailed }) => {
    for (const [index, bare] of tasks.entries()) {
      const task = await lease(bare, `${epoch}.${index + 1}`);
      const failed = work(task);
      if (failed !== undefined) {
        await onFailed(task, failed, 'fake/1');
        continue;
      }
      const verdict = await commit(task, makePart(task, encoderOf), 'fake/1');
      if (verdict.verdict === 'committed') continue;
      rmSync(task.part, { force: true });
      await onFailed(task, verdict.failed, 'fake/1');
    }
    return { ok: true, value: { remaining: 0, vanished: [] } };
  };
}

/** Writes the part file: for audio what decides its content, in words. */
export function makePart(task: Task, encoderOf: EncoderOf = () => 'fake 1'): Made {
  const bytes = readFileSync(task.source.path);
  const identity = task.sidecar ? undefined : identityOf(task.source.path);
  const { audioId, tagId } = identity ?? {
    audioId: `sha256:${sha256Of(bytes)}` as AudioId,
    tagId: 'v:-,p:-,c:-' as TagId,
  };
  const copied = task.recipe.audio.codec === 'copy';
  const content = copied ? bytes : `${JSON.stringify(task.recipe)}\n${audioId}\n${tagId}\n`;
  writeFileSync(task.part, content, { flag: 'wx' });
  const made = lstatSync(task.part, { bigint: true });
  return {
    status: 'made',
    part: { stat: statKey(made), sha256: sha256Of(content) },
    samples: 200,
    sampleRate: 44_100,
    source: {
      stat: statKey(statSync(task.source.path, { bigint: true })),
      sha256: sha256Of(bytes),
      audioId,
      tagId,
      racy: false,
    },
    encoder: reusedBy(task) ? (task.reuse?.encoder ?? '') : encoderOf(task.recipe.audio.codec),
    warnings: [],
    ms: 1,
  };
}

/** Whether a worker would tag an output anew instead of encoding. */
export function reusedBy({ reuse, source, sidecar }: Task): boolean {
  if (reuse === undefined || sidecar) return false;
  const same = sha256Of(readFileSync(reuse.path)) === reuse.sha256;
  return same && identityOf(source.path).audioId === reuse.audioId;
}

export function failedWith(text: string, kind: Failed['class'] = 'input'): Failed {
  return { status: 'failed', class: kind, code: 'DECODE_FAILED', text, stderrTail: '', ms: 1 };
}

function identityOf(path: AbsolutePath) {
  const header = readFlacHeader(path, { wantFields: false });
  if (!header.ok || header.value.identity.audioId === undefined) throw new Error(`odd ${path}`);
  return { audioId: header.value.identity.audioId, tagId: header.value.identity.tagId };
}
