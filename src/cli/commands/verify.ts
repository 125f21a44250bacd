import { availableParallelism } from 'node:os';
import { ChecksumThreads } from '../../lib/checksum-threads.js';
import type { Failure } from '../../lib/failure.js';
import { nodeDisk } from '../../lib/node-disk.js';
import type { Result } from '../../lib/result.js';
import type { Manifest } from '../../manifest/manifest.js';
import { formatBytes, formatCount, formatCounted } from '../../report/format.js';
import { escapeControls } from '../../report/text.js';
import { dayNumber, ofDay, parseSubset } from '../../run/subset.js';
import type { VerifyOptions, VerifyReport } from '../../run/verify.js';
import { verifyOutputs } from '../../run/verify.js';
import type { CommandBody } from '../command.js';
import { defineCommand } from '../command.js';
import { jobsOption, MANIFEST_OPTIONS, OUTPUT_OPTIONS } from '../common-options.js';
import { EXIT } from '../exit-code.js';
import { openManifest, Session } from '../session.js';

/** Orders that a thread has before it: one to work at, one to go on with. */
const ORDERS_PER_THREAD = 2;

export const verify: CommandBody = defineCommand({
  usage: ['verify [options]'],
  description: [
    'Compares every output that was made with what the ledger recorded of it: still there, and unchanged. With --deep every byte is read and its SHA-256 compared, by a thread for each CPU. Takes no lock and writes nothing; exits with 4 when something is missing, changed or foreign.',
    'With --subset 1/30 it checks a thirtieth of the outputs, each day another: run every day, it has checked all of them after 30 days. Which part an output is in follows from its path, which part’s turn it is from the date.',
  ],
  options: {
    ...MANIFEST_OPTIONS,
    deep: { type: 'boolean', description: 'read every output and compare its SHA-256' },
    subset: {
      type: 'string',
      placeholder: 'K/N',
      description: 'only K of N parts of the outputs, each day the next ones',
    },
    foreign: {
      type: 'boolean',
      description: 'also name files below the outputs’ folders that flac2all did not make',
    },
    jobs: jobsOption('outputs read at the same time; otherwise one per CPU'),
    ...OUTPUT_OPTIONS,
  },
  examples: [
    { command: 'flac2all verify', what: 'by size and times: seconds for a large library' },
    { command: 'flac2all verify --deep', what: 'by checksum: finds bit rot' },
    { command: 'flac2all verify --deep --subset 1/30 -q', what: 'every night; all in 30 nights' },
    { command: 'flac2all verify --foreign', what: 'also what others put there' },
  ],
  async run({ values }, context) {
    const session = await Session.begin(values, context);
    const subset = values.subset === undefined ? undefined : parseSubset(values.subset);
    if (values.subset !== undefined && subset === undefined) {
      const message = `--subset does not take "${values.subset}"`;
      return session.fail({ code: 'USAGE', message, hint: 'a share is written as 1/30' });
    }
    if (values.jobs !== undefined && !values.deep) {
      const message = '--jobs is for --deep: nothing is read without it';
      return session.fail({ code: 'USAGE', message, hint: 'flac2all verify --deep -j 4' });
    }
    const manifest = await openManifest(values, context);
    if (!manifest.ok) return session.fail(...manifest.error);
    const verified = await verifyOnThreads(manifest.value, values.jobs, {
      disk: nodeDisk,
      deep: values.deep,
      foreign: values.foreign,
      ...(subset === undefined ? {} : { select: ofDay(subset, dayNumber(context.clock.now())) }),
      signal: context.signal,
      onProgress: (done, total) =>
        session.emit({ type: 'scan-progress', stage: 'outputs', done, total }),
    });
    if (!verified.ok) return session.fail(verified.error);
    const { findings, ...counts } = verified.value;
    session.emit({
      type: 'answer',
      kind: 'verify',
      text: reportText(verified.value),
      data: { ...counts, findings: findings.map((finding) => ({ ...finding })) },
      isBad: findings.length > 0,
    });
    return session.end(findings.length > 0 ? EXIT.attentionPending : EXIT.ok);
  },
});

/** Without --deep hardly anything is read, and threads would take longer to start. */
async function verifyOnThreads(
  manifest: Manifest,
  jobs: number | undefined,
  options: VerifyOptions,
): Promise<Result<VerifyReport, Failure>> {
  if (!options.deep) return verifyOutputs(manifest, options);
  const count = jobs ?? availableParallelism();
  await using threads = new ChecksumThreads(count);
  return await verifyOutputs(manifest, {
    ...options,
    atOnce: count * ORDERS_PER_THREAD,
    sha256: (path) => threads.sha256(path),
  });
}

function reportText({ findings, checked, outputs, bytesRead }: VerifyReport): string {
  const read = bytesRead > 0 ? `, ${formatBytes(bytesRead)} read` : '';
  const part = checked < outputs ? `${formatCount(checked)} of ` : '';
  const lines = findings.map(
    ({ output, text }) => `${escapeControls(output)}: ${escapeControls(text)}`,
  );
  const verdict =
    findings.length === 0 ? 'all as the ledger says' : formatCounted(findings.length, 'difference');
  const what = `${part}${formatCounted(outputs, 'output')}`;
  return [...lines, `Checked ${what}${read}: ${verdict}.`, ''].join('\n');
}
