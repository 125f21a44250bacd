import { findRun, watchRun } from '../monitor/watch.js';
import type { RunState } from '../report/event-line.gen.js';
import { formatCount, formatCounted, formatDuration } from '../report/format.js';
import { escapeControls } from '../report/text.js';
import type { ExitCode } from './exit-code.js';
import type { Session } from './session.js';

/**
 * Shows the run that is at work on the ledger in `directory` until it ends, and ends with its exit
 * code. `undefined`: there is none to be seen, and that was said.
 */
export async function showLive(
  directory: string,
  session: Session,
  signal: AbortSignal,
): Promise<ExitCode | undefined> {
  const found = await findRun(directory);
  if (found.kind !== 'run') {
    const text = found.kind === 'none' ? 'no run is at work' : found.why;
    session.emit({ type: 'notice', level: 'info', code: 'NO_RUN', text });
    return undefined;
  }
  const watched = await watchRun(found.stream, session.emit, signal);
  if (!watched.ok) return session.fail(watched.error);
  const state = watched.value;
  const { run, done, failed, tasks, elapsedMs, exitCode } = state;
  session.emit({
    type: 'answer',
    kind: 'run',
    text: endText(state),
    data: { run, tasks, done, failed, ms: elapsedMs, exitCode },
  });
  return session.end((exitCode ?? 1) as ExitCode);
}

/** `Run 1f2e ended: 337 of 340 done, 3 failed, in 12m 03s; exit code 3.` */
function endText({ run, tasks, done, failed, elapsedMs, exitCode }: RunState): string {
  const name = run === null ? 'The run' : `Run ${escapeControls(run)}`;
  const failures = failed > 0 ? `, ${formatCount(failed)} failed` : '';
  const work =
    tasks === 0
      ? 'there was nothing to convert'
      : `${formatCount(done)} of ${formatCounted(tasks, 'task')} done${failures}, in ${formatDuration(elapsedMs)}`;
  return `${name} ended: ${work}; exit code ${exitCode}.\n`;
}
