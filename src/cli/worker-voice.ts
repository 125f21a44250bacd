import { basename } from 'node:path';
import type { Execute } from '../cluster/contract.js';
import { escapeControls, padColumns, truncateMiddle } from '../report/text.js';

const NAME_COLUMNS = 40;

/** Where a worker speaks, and what ends it. */
export interface Voice {
  readonly slots: number;
  readonly stdout: NodeJS.WritableStream;
  /** For what is no result. */
  readonly say: (text: string) => void;
  readonly signals: { readonly drain: AbortSignal };
}

/**
 * Says what the classic worker says: a line for each of its workers now, one for each file that is
 * begun, and what a first signal means.
 */
export function spoken(execute: Execute, { slots, stdout, say, signals }: Voice): Execute {
  stdout.write('Spawned worker process\n'.repeat(slots));
  signals.drain.addEventListener('abort', () => {
    say('what runs will finish; interrupt again to stop at once');
  });
  return (task, context) =>
    execute(task, {
      ...context,
      onStart: () => {
        const name = nameOf(task.source.path);
        const target = task.sidecar ? 'copy' : task.recipe.audio.codec;
        stdout.write(`Processing:  ${name}  target: ${target}\n`);
        context.onStart();
      },
    });
}

/** As wide as the column, so that a line fits a terminal. */
function nameOf(path: string): string {
  return padColumns(truncateMiddle(escapeControls(basename(path)), NAME_COLUMNS), NAME_COLUMNS);
}
