import { nodeDisk } from '../../lib/node-disk.js';
import { formatBytes, formatCounted } from '../../report/format.js';
import { escapeControls } from '../../report/text.js';
import type { VerifyReport } from '../../run/verify.js';
import { verifyOutputs } from '../../run/verify.js';
import type { CommandBody } from '../command.js';
import { defineCommand } from '../command.js';
import { MANIFEST_OPTIONS, OUTPUT_OPTIONS } from '../common-options.js';
import { EXIT } from '../exit-code.js';
import { openManifest, Session } from '../session.js';

export const verify: CommandBody = defineCommand({
  usage: ['verify [options]'],
  description: [
    'Compares every output that was made with what the ledger recorded of it: still there, and unchanged. With --deep every byte is read and its SHA-256 compared. Takes no lock and writes nothing; exits with 4 when something is missing or changed.',
  ],
  options: {
    ...MANIFEST_OPTIONS,
    deep: { type: 'boolean', description: 'read every output and compare its SHA-256' },
    ...OUTPUT_OPTIONS,
  },
  examples: [
    { command: 'flac2all verify', what: 'by size and times: seconds for a large library' },
    { command: 'flac2all verify --deep', what: 'by checksum: finds bit rot' },
  ],
  async run({ values }, context) {
    const session = new Session(values, context);
    const manifest = await openManifest(values, context);
    if (!manifest.ok) return session.fail(...manifest.error);
    const verified = await verifyOutputs(manifest.value, {
      disk: nodeDisk,
      deep: values.deep,
      signal: context.signal,
      onProgress: (done, total) =>
        session.emit({ type: 'scan-progress', stage: 'outputs', done, total }),
    });
    if (!verified.ok) return session.fail(verified.error);
    const { findings, checked, bytesRead } = verified.value;
    session.emit({
      type: 'answer',
      kind: 'verify',
      text: reportText(verified.value),
      data: { checked, bytesRead, findings: findings.map((finding) => ({ ...finding })) },
      isBad: findings.length > 0,
    });
    return session.end(findings.length > 0 ? EXIT.attentionPending : EXIT.ok);
  },
});

function reportText({ findings, checked, bytesRead }: VerifyReport): string {
  const read = bytesRead > 0 ? `, ${formatBytes(bytesRead)} read` : '';
  const lines = findings.map(
    ({ output, text }) => `${escapeControls(output)}: ${escapeControls(text)}`,
  );
  const verdict =
    findings.length === 0 ? 'all as the ledger says' : formatCounted(findings.length, 'difference');
  return [...lines, `Checked ${formatCounted(checked, 'output')}${read}: ${verdict}.`, ''].join(
    '\n',
  );
}
