import { resolve } from 'node:path';
import type { FailureRecord } from '../../ledger/entry.js';
import type { AbsolutePath } from '../../lib/brand.js';
import type { JsonObject } from '../../lib/json.js';
import { nodeDisk } from '../../lib/node-disk.js';
import { statSize } from '../../lib/stat-key.js';
import type { Reason } from '../../plan/action.js';
import { formatBytes, formatDuration } from '../../report/format.js';
import { reasonText } from '../../report/plan-text.js';
import { escapeControls } from '../../report/text.js';
import type { Explanation } from '../../run/explain.js';
import { explainPath } from '../../run/explain.js';
import { planManifest } from '../../run/plan.js';
import type { CommandBody } from '../command.js';
import { defineCommand } from '../command.js';
import { MANIFEST_OPTIONS, OUTPUT_OPTIONS } from '../common-options.js';
import { EXIT } from '../exit-code.js';
import { openManifest, Session } from '../session.js';

export const explain: CommandBody = defineCommand({
  usage: ['explain [options] PATH...'],
  description: [
    'For a source or an output: what apply would do, every reason with the old and the new value, how the output was made, and the failure that is remembered. Takes no lock and writes nothing.',
  ],
  options: { ...MANIFEST_OPTIONS, ...OUTPUT_OPTIONS },
  positionals: { name: 'PATH', description: 'a source or an output', min: 1, max: Infinity },
  examples: [
    { command: "flac2all explain 'Lossy/phone/Miles Davis/So What.opus'", what: 'one output' },
    {
      command: "flac2all explain 'Lossless/Miles Davis/So What.flac'",
      what: 'all that is made from it',
    },
  ],
  async run({ values, positionals }, context) {
    const session = await Session.begin(values, context);
    const manifest = await openManifest(values, context);
    if (!manifest.ok) return session.fail(...manifest.error);
    const planned = await planManifest(manifest.value, {
      disk: nodeDisk,
      emit: session.emit,
      signal: context.signal,
    });
    if (!planned.ok) return session.fail(planned.error);
    for (const name of positionals) {
      const explained = explainPath(resolve(context.cwd, name) as AbsolutePath, planned.value);
      if (!explained.ok) return session.fail(explained.error);
      for (const one of explained.value) {
        session.emit({
          type: 'answer',
          kind: 'explain',
          text: explanationText(one),
          data: toJson(one),
        });
      }
    }
    return session.end(EXIT.ok);
  },
});

function explanationText({ change, failure }: Explanation): string {
  const { action, output, source, reasons, entry } = change;
  const lines = [
    output,
    `  from    ${source ?? 'nothing'}`,
    `  plan    ${action === 'noop' ? 'nothing to do' : action}`,
    ...reasons.flatMap(reasonLines),
  ];
  if (entry !== undefined) {
    const { made, encoder, recipe } = entry;
    lines.push(
      `  made    ${made.at} by ${made.worker} in ${formatDuration(made.ms)}, run ${made.run}`,
      `  with    ${encoder}, ${recipe.audio.codec} ${JSON.stringify(recipe.audio.options)}`,
      `  sha256  ${entry.output.sha256}, ${formatBytes(statSize(entry.output.stat))}`,
      `  source  sha256 ${entry.source.sha256}, audio ${entry.source.audioId}`,
    );
  }
  if (failure !== undefined) lines.push(...failureLines(failure));
  return `${lines.map(escapeControls).join('\n')}\n`;
}

/** The reason as a plan tells it, and in full what it shortens. */
function reasonLines(reason: Reason): readonly string[] {
  const told = reasonText(reason);
  const values = [
    ['was', reason.old],
    ['is', reason.new],
  ] as const;
  return [
    `          because: ${told}`,
    ...values.flatMap(([name, value]) =>
      value === undefined || told.includes(value) ? [] : [`            ${name.padEnd(5)}${value}`],
    ),
  ];
}

function failureLines({
  count,
  at,
  text,
  code,
  stderrTail = '',
}: FailureRecord): readonly string[] {
  const said = stderrTail.trimEnd().split('\n').filter(Boolean);
  return [
    `  failed  ${count}x, last ${at}: ${text} [${code}]`,
    ...said.map((line) => `          | ${line}`),
  ];
}

function toJson({ change, failure }: Explanation): JsonObject {
  const { action, output, set, source, reasons, entry } = change;
  return {
    action,
    output,
    set,
    source: source ?? null,
    reasons: reasons.map((reason) => ({ ...reason })),
    ...(entry === undefined ? {} : { entry: entry as unknown as JsonObject }),
    ...(failure === undefined ? {} : { failure: failure as unknown as JsonObject }),
  };
}
