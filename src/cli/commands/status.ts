import { nodeDisk } from '../../lib/node-disk.js';
import type { RunSummary } from '../../ledger/run-log.js';
import { formatBytes, formatCount, formatCounted, formatDuration } from '../../report/format.js';
import { tellProblems } from '../../report/plan-summary.js';
import { escapeControls, padColumns } from '../../report/text.js';
import { planManifest } from '../../run/plan.js';
import type { SetStatus, Status } from '../../run/status.js';
import { statusOf } from '../../run/status.js';
import type { CommandBody } from '../command.js';
import { defineCommand } from '../command.js';
import { MANIFEST_OPTIONS, OUTPUT_OPTIONS } from '../common-options.js';
import { EXIT } from '../exit-code.js';
import { openManifest, Session } from '../session.js';

/** Runs shown to people; all of them are in the JSON. */
const RUNS_SHOWN = 5;

export const status: CommandBody = defineCommand({
  usage: ['status [options]', 'status --live [options]'],
  description: [
    'Counts, for each output of the manifest, what is up to date, stale, failed, changed outside, in conflict, no longer wanted or in the trash, and the bytes it takes; and tells of the last runs. Takes no lock and writes nothing.',
    'With --live it shows the run that is at work on this machine: agents, files, speed, failures and the time left, until that ends; it ends with the exit code of the run. --json prints a line `run-state` four times a second. Where no run is at work it says so and shows the table.',
  ],
  options: {
    ...MANIFEST_OPTIONS,
    live: { type: 'boolean', description: 'watch the run that is at work' },
    ...OUTPUT_OPTIONS,
  },
  examples: [
    { command: 'flac2all status', what: 'the table' },
    { command: 'flac2all status --json', what: 'the same for programs' },
    { command: 'flac2all status --live', what: 'the run of another terminal, or of cron' },
  ],
  async run({ values }, context) {
    const session = await Session.begin(values, context);
    const manifest = await openManifest(values, context);
    if (!manifest.ok) return session.fail(...manifest.error);
    if (values.live) {
      const { showLive } = await import('../live-status.js');
      const shown = await showLive(manifest.value.stateDirectory, session, context.signal);
      if (shown !== undefined) return shown;
    }
    const planned = await planManifest(manifest.value, {
      disk: nodeDisk,
      emit: session.emit,
      signal: context.signal,
    });
    if (!planned.ok) return session.fail(planned.error);
    const made = statusOf(planned.value);
    const { sets, runs, sources, problems } = made;
    session.emit({
      type: 'answer',
      kind: 'status',
      text: statusText(made),
      data: {
        sources,
        problems,
        sets: sets.map((set) => ({ ...set })),
        runs: runs.map((run) => ({ ...run })),
      },
    });
    return session.end(EXIT.ok);
  },
});

const COLUMNS: readonly (readonly [keyof SetStatus, string])[] = [
  ['upToDate', 'up to date'],
  ['stale', 'stale'],
  ['failed', 'failed'],
  ['drifted', 'drifted'],
  ['conflicts', 'conflicts'],
  ['orphaned', 'orphaned'],
  ['trashed', 'in trash'],
];

function statusText({ sets, runs, sources, problems }: Status): string {
  const head = ['output', ...COLUMNS.map(([, title]) => title), 'size'];
  const rows = sets.map((set) => [
    escapeControls(set.set),
    ...COLUMNS.map(([key]) => formatCount(Number(set[key]))),
    formatBytes(set.bytes),
  ]);
  const recent = runs.slice(0, RUNS_SHOWN).map(runText);
  return [
    formatCounted(sources, 'source'),
    '',
    ...table([head, ...rows]),
    '',
    ...(problems === 0 ? [] : [tellProblems(problems), '']),
    ...(recent.length === 0
      ? ['There was no run yet.']
      : ['Last runs:', ...recent.map((line) => `  ${line}`)]),
    '',
  ].join('\n');
}

/** `2026-01-02 03:15 UTC  flac2all apply  12 made, 1 failed, in 2m 04s`. */
function runText({ at, command, ms, done, failed, deleted }: RunSummary): string {
  const counts = [
    ...(done > 0 ? [`${formatCount(done)} done`] : []),
    ...(failed > 0 ? [`${formatCount(failed)} failed`] : []),
    ...(deleted > 0 ? [`${formatCount(deleted)} deleted`] : []),
  ];
  const what = counts.length === 0 ? 'no output changed' : counts.join(', ');
  const end = ms === undefined ? 'not finished' : `in ${formatDuration(ms)}`;
  const when = at.slice(0, 16).replace('T', ' ');
  return `${when} UTC  ${escapeControls(command)}  ${what}, ${end}`;
}

/** Columns as wide as their widest cell; the first to the left, numbers to the right. */
function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, at) =>
    Math.max(...rows.map((row) => row[at]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, at) => padColumns(cell, widths[at] ?? 0, at === 0 ? 'left' : 'right'))
      .join('  '),
  );
}
