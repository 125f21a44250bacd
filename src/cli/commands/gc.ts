import type { Entry } from '../../ledger/entry.js';
import { nodeDisk } from '../../lib/node-disk.js';
import { statSize } from '../../lib/stat-key.js';
import { isDuration, parseDuration } from '../../manifest/units.js';
import { formatBytes, formatCount, formatCounted } from '../../report/format.js';
import { shownPath } from '../../report/plan-text.js';
import { escapeControls } from '../../report/text.js';
import type { CollectReport } from '../../run/collect-trash.js';
import { collectTrash } from '../../run/collect-trash.js';
import { askYes, cannotAsk } from '../ask.js';
import type { CommandBody } from '../command.js';
import { defineCommand } from '../command.js';
import { MANIFEST_OPTIONS, OUTPUT_OPTIONS } from '../common-options.js';
import { EXIT } from '../exit-code.js';
import { openManifest, Session } from '../session.js';

export const gc: CommandBody = defineCommand({
  usage: ['gc [options]'],
  description: [
    'Removes from the trash what lies there longer than policy.trash says, or longer than --older-than. Only outputs that are still what flac2all put there; empty folders of the trash go with them.',
  ],
  options: {
    ...MANIFEST_OPTIONS,
    'older-than': {
      type: 'string',
      placeholder: 'DURATION',
      description: 'as 7d or 12h; 0s empties the trash',
    },
    yes: { type: 'boolean', short: 'y', description: 'do not ask' },
    ...OUTPUT_OPTIONS,
  },
  examples: [
    { command: 'flac2all gc', what: 'what policy.trash has kept long enough' },
    { command: 'flac2all gc --older-than 7d --yes', what: 'all that is older than a week' },
  ],
  async run({ values }, context) {
    const session = await Session.begin(values, context);
    const asked = values['older-than'];
    if (asked !== undefined && !isDuration(asked)) {
      const message = `--older-than does not take "${asked}"`;
      return session.fail({
        code: 'USAGE',
        message,
        hint: 'a duration is a number and d, h, m or s: 7d',
      });
    }
    const refusal = cannotAsk('flac2all gc', values, context);
    if (refusal !== undefined) return session.fail(refusal);
    const manifest = await openManifest(values, context);
    if (!manifest.ok) return session.fail(...manifest.error);
    const { trashMs } = manifest.value.policy;
    const olderThanMs = asked === undefined ? trashMs : parseDuration(asked);
    if (olderThanMs === undefined) {
      const message = 'the manifest has no policy.trash, so nothing says what is old';
      return session.fail({ code: 'USAGE', message, hint: 'flac2all gc --older-than 30d' });
    }
    const collected = await collectTrash(manifest.value, {
      disk: nodeDisk,
      clock: context.clock,
      emit: session.emit,
      command: 'flac2all gc',
      olderThanMs,
      signal: context.signal,
      confirm: (old) => {
        if (values.yes || old.length === 0) return Promise.resolve(true);
        return askYes(question(old), context, context.signal);
      },
    });
    if (!collected.ok) return session.fail(collected.error);
    const { removed, bytes, kept, left } = collected.value;
    session.emit({
      type: 'answer',
      kind: 'gc',
      text: reportText(collected.value, context.cwd),
      data: { removed, bytes, left, kept: kept.map((one) => ({ ...one })) },
      isBad: kept.length > 0,
    });
    context.signal.throwIfAborted();
    return session.end(kept.length > 0 ? EXIT.someFailed : EXIT.ok);
  },
});

function question(old: readonly Entry[]): string {
  const bytes = old.reduce((sum, { output }) => sum + statSize(output.stat), 0);
  return `Remove ${formatCounted(old.length, 'output')} (${formatBytes(bytes)}) from the trash for good?`;
}

function reportText({ removed, bytes, kept, left }: CollectReport, base: string): string {
  const lines = kept.map(
    ({ output, text }) => `kept: ${shownPath(output, base)}: ${escapeControls(text)}\n`,
  );
  const rest = left === 0 ? 'the trash is empty' : `${formatCount(left)} left in the trash`;
  const what = `Removed ${formatCounted(removed, 'output')}, ${formatBytes(bytes)}; ${rest}.\n`;
  return [...lines, what].join('');
}
