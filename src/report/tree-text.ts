import type { AgentState, RunState, ScanState } from './event-line.gen.js';
import { formatCount, formatCounted, formatDuration, formatRate } from './format.js';
import { shownPath } from './plan-text.js';
import type { FrameSize } from './screen.js';
import { displayWidth, escapeControls, padColumns, truncateMiddle } from './text.js';

const BAR_COLUMNS = 40;
const WORKER_COLUMNS = 16;

/** `Reading headers 120 of 12,340`. */
export function scanTitle({
  stage,
  done,
  total,
}: Pick<ScanState, 'stage' | 'done'> & { readonly total?: number | null | undefined }): string {
  const what = {
    sources: 'Scanning sources',
    headers: 'Reading headers',
    outputs: 'Checking outputs',
  }[stage];
  const all = total ?? undefined;
  return `${what} ${formatCount(done)}${all === undefined ? '' : ` of ${formatCount(all)}`}`;
}

/** `Converting 121 of 340 files, 42x real time, 4m 12s left, 3 failed`. */
export function convertTitle({ done, failed, tasks, rate, remainingMs }: RunState): string {
  return [
    `Converting ${formatCount(done + failed)} of ${formatCounted(tasks, 'file')}`,
    ...(rate === null ? [] : [formatRate(rate)]),
    ...(remainingMs === null ? [] : [`${formatDuration(remainingMs)} left`]),
    ...(failed > 0 ? [`${formatCount(failed)} failed`] : []),
  ].join(', ');
}

/** What stays when all is done: `Converted 337 files in 12m 03s, 3 failed`. */
export function convertedTitle(state: RunState, interrupted: boolean): string {
  const { done, failed, tasks, elapsedMs } = state;
  const files = interrupted
    ? `${formatCount(done)} of ${formatCounted(tasks, 'file')}`
    : formatCounted(done, 'file');
  const failures = failed > 0 ? `, ${formatCount(failed)} failed` : '';
  const end = interrupted ? ', interrupted' : '';
  return `Converted ${files} in ${formatDuration(elapsedMs)}${failures}${end}`;
}

/** `━━━━━━━━────────────  36%`, at most 40 columns of bar. */
export function progressBar({ done, failed, tasks }: RunState, columns: number): string {
  const share = tasks === 0 ? 0 : Math.min(1, (done + failed) / tasks);
  const width = Math.max(0, Math.min(BAR_COLUMNS, columns - 6));
  const filled = Math.floor(share * width);
  const percent = String(Math.floor(share * 100)).padStart(3);
  return `${'━'.repeat(filled)}${'─'.repeat(width - filled)} ${percent}%`;
}

/**
 * What is being made, cut to size. One agent: a line for each busy worker. Several: a line for each
 * agent with its workers below it, or, where that is too long, with the file it is at for longest.
 */
export function crewLines(
  agents: readonly AgentState[],
  size: FrameSize,
  base: string,
): readonly string[] {
  const [only, ...others] = agents;
  if (only === undefined) return [];
  if (others.length === 0) return workerLines(only, size, base);
  const full = agents.flatMap((agent) => [
    truncateMiddle(headOf(agent), size.columns),
    ...workerLines(agent, { columns: size.columns - 2, rows: Infinity }, base).map(
      (line) => `  ${line}`,
    ),
  ]);
  return full.length <= size.rows ? full : agentLines(agents, size, base);
}

interface Line {
  readonly name: string;
  /** Empty: nothing is being made. */
  readonly output: string;
}

/** One line for each busy worker with its file; the last line counts those left out. */
function workerLines({ working }: AgentState, size: FrameSize, base: string): readonly string[] {
  const lines = working.map(({ worker, output }) => ({
    name: truncateMiddle(escapeControls(worker), WORKER_COLUMNS),
    output,
  }));
  return fitted(lines, { ...size, base, more: ['more worker', 'more workers'] });
}

function agentLines(
  agents: readonly AgentState[],
  size: FrameSize,
  base: string,
): readonly string[] {
  const lines = agents.map((agent) => {
    const oldest = agent.working.toSorted((a, b) => b.ms - a.ms)[0];
    return { name: headOf(agent), output: oldest?.output ?? '' };
  });
  return fitted(lines, { ...size, base, more: ['more agent', 'more agents'] });
}

/** `nas 3/8`: busy workers of all. */
function headOf({ agent, slots, working }: AgentState): string {
  const name = truncateMiddle(escapeControls(agent), WORKER_COLUMNS);
  return `${name} ${formatCount(working.length)}/${formatCount(slots)}`;
}

function fitted(
  lines: readonly Line[],
  view: FrameSize & { readonly base: string; readonly more: readonly [string, string] },
): readonly string[] {
  const room = Math.max(0, view.rows);
  const shown = lines.length <= room ? lines : lines.slice(0, Math.max(0, room - 1));
  const nameColumns = Math.max(0, ...shown.map(({ name }) => displayWidth(name)));
  const text = shown.map(({ name, output }) => {
    const file = output === '' ? '' : shownPath(output, view.base);
    const columns = view.columns - nameColumns - 2;
    return `${padColumns(name, nameColumns)}  ${truncateMiddle(file, columns)}`.trimEnd();
  });
  const hidden = lines.length - shown.length;
  return hidden > 0 && room > 0 ? [...text, `… and ${formatCounted(hidden, ...view.more)}`] : text;
}
