import { basename } from 'node:path';
import type { Execute } from '../cluster/contract.js';
import { escapeControls, padColumns } from '../report/text.js';

/** What the classic worker says when it starts: a line for each of its workers. */
export function spawnedLines(slots: number): string {
  return 'Spawned worker process\n'.repeat(slots);
}

/** Says what is begun: `Processing:  01 Song.flac  target: vorbis`. */
export function spoken(execute: Execute, say: (line: string) => void): Execute {
  return (task, context) =>
    execute(task, {
      ...context,
      onStart: () => {
        const name = padColumns(escapeControls(basename(task.source.path)), 40);
        const target = task.sidecar ? 'copy' : task.recipe.audio.codec;
        say(`Processing:  ${name}  target: ${target}\n`);
        context.onStart();
      },
    });
}
