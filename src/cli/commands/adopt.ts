import { nodeDisk } from '../../lib/node-disk.js';
import { formatCounted } from '../../report/format.js';
import { escapeControls } from '../../report/text.js';
import type { AdoptReport } from '../../run/adopt.js';
import { adoptOutputs } from '../../run/adopt.js';
import type { CommandBody } from '../command.js';
import { defineCommand } from '../command.js';
import { MANIFEST_OPTIONS, OUTPUT_OPTIONS, PLAN_OPTIONS } from '../common-options.js';
import { EXIT } from '../exit-code.js';
import { openManifest, Session } from '../session.js';
import { stopSignals } from '../stop-signals.js';

export const adopt: CommandBody = defineCommand({
  usage: ['adopt [options]'],
  description: [
    'Takes over files that another program made: those that stand where the manifest wants an output and that no run of flac2all wrote. A file is adopted when it is whole and holds as much audio as its source, and when their tags do not state different titles; a copy when it is the same, byte for byte. The files are read and stay as they are; only the ledger is written.',
    'How an adopted output was encoded is not known. It counts as up to date until its source changes; with --replace the next apply makes it again.',
  ],
  options: {
    ...MANIFEST_OPTIONS,
    target: PLAN_OPTIONS.target,
    'dry-run': { type: 'boolean', description: 'only say what would be adopted' },
    replace: {
      type: 'boolean',
      description: 'let the next apply make these again, and those that were adopted before',
    },
    'lock-timeout': {
      type: 'integer',
      placeholder: 'SECONDS',
      min: 0,
      default: 0,
      description: 'how long to wait for another run to end',
    },
    ...OUTPUT_OPTIONS,
  },
  examples: [
    { command: 'flac2all adopt --dry-run', what: 'look first' },
    { command: 'flac2all adopt', what: 'take over all that fits' },
    { command: "flac2all adopt --target 'Bach/**' --replace", what: 'make these anew' },
  ],
  async run({ values }, context) {
    const session = await Session.begin(values, context);
    const manifest = await openManifest(values, context);
    if (!manifest.ok) return session.fail(...manifest.error);
    const stop = stopSignals(session.emit);
    const dryRun = values['dry-run'];
    try {
      const adopted = await adoptOutputs(manifest.value, {
        disk: nodeDisk,
        clock: context.clock,
        command: 'flac2all adopt',
        emit: session.emit,
        targets: values.target,
        lockTimeoutMs: values['lock-timeout'] * 1000,
        dryRun,
        replace: values.replace,
        drain: stop.drain,
      });
      if (!adopted.ok) return session.fail(adopted.error);
      const { refused, ...counts } = adopted.value;
      session.emit({
        type: 'answer',
        kind: 'adopt',
        text: reportText(adopted.value, dryRun),
        data: { dryRun, ...counts, refused: refused.map((one) => ({ ...one })) },
        isBad: refused.length > 0,
      });
      if (stop.drain.aborted) return session.end(stop.exitCode);
      return session.end(refused.length > 0 ? EXIT.someFailed : EXIT.ok);
    } finally {
      stop.release();
    }
  },
});

function reportText({ adopted, replaced, refused }: AdoptReport, dryRun: boolean): string {
  const lines = refused.map(
    ({ output, text }) => `${escapeControls(output)}: not adopted: ${escapeControls(text)}`,
  );
  const verb = dryRun ? 'Would adopt' : 'Adopted';
  const again = replaced === 0 ? '' : `, ${replaced} adopted before to be made again`;
  const left = refused.length === 0 ? '' : `, ${refused.length} left alone`;
  return [...lines, `${verb} ${formatCounted(adopted, 'output')}${again}${left}.`, ''].join('\n');
}
