import type { Change } from '../plan/action.js';
import type { TaskFailed } from '../report/event.js';

/**
 * The outputs of a plan whose source is unreadable or no FLAC, as failures with the code of the
 * source's problem. One for each source and output set, as tasks and the rows of a plan are.
 */
export function unreadableSources(changes: readonly Change[]): readonly TaskFailed[] {
  return changes.flatMap(({ action, output, set, desired }) => {
    if (action !== 'error' || desired === undefined) return [];
    const { path: source, problem } = desired.source;
    if (problem === undefined) return [];
    const { code, text } = problem;
    const nobody = { worker: '', ms: 0, stderrTail: '' };
    return [
      {
        type: 'task-failed',
        action,
        output,
        source,
        set,
        ...nobody,
        code,
        text: `${source}: ${text}`,
      },
    ];
  });
}
