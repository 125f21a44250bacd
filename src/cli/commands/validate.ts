import { lookAtMachine } from '../../codecs/machine.js';
import { loadManifest } from '../../manifest/load.js';
import { nodeDisk } from '../../lib/node-disk.js';
import type { Change } from '../../plan/action.js';
import { noCounts } from '../../plan/make-plan.js';
import { planManifest } from '../../run/plan.js';
import { formatCounted } from '../../report/format.js';
import type { CommandBody } from '../command.js';
import { defineCommand } from '../command.js';
import { MANIFEST_OPTIONS, OUTPUT_OPTIONS } from '../common-options.js';
import { EXIT } from '../exit-code.js';
import { manifestToRead, Session } from '../session.js';

export const validate: CommandBody = defineCommand({
  usage: ['validate [options]'],
  description: [
    'Reads the manifest and all that it extends, and says everything that is wrong with it: file, line, column, and the way out. Looks where their folders lie, and reads neither sources nor outputs; with --names it reads the sources and says which outputs would have one name, upper and lower case and the forms of Unicode being the same.',
  ],
  options: {
    ...MANIFEST_OPTIONS,
    names: {
      type: 'boolean',
      description: 'read the sources too; exit 4 when names of outputs collide',
    },
    ...OUTPUT_OPTIONS,
  },
  examples: [
    { command: 'flac2all validate', what: 'checks flac2all.yaml in this folder' },
    { command: 'flac2all validate --names', what: 'and that no two outputs have one name' },
    { command: 'flac2all validate -f /srv/music/flac2all.yaml', what: 'checks another one' },
  ],
  async run({ values }, context) {
    const session = await Session.begin(values, context);
    const file = manifestToRead(values, context);
    const machine = await lookAtMachine(context.env['PATH']);
    const loaded = await loadManifest(file, {
      hasProgram: (name) => machine.programs.has(name),
      machine: () => Promise.resolve(machine),
    });
    if (!loaded.ok) return session.fail(...loaded.error);
    if (values.names) {
      const planned = await planManifest(loaded.value, {
        disk: nodeDisk,
        emit: session.emit,
        signal: context.signal,
      });
      if (!planned.ok) return session.fail(planned.error);
      const changes = planned.value.plan.changes.filter(collides);
      if (changes.length > 0) {
        const counts = { ...noCounts(), conflict: changes.length };
        session.emit({ type: 'plan', changes, counts });
        return session.end(EXIT.attentionPending);
      }
    }
    const { sources, outputs } = loaded.value;
    const text = `${file} is valid: ${formatCounted(sources.length, 'source')}, ${formatCounted(outputs.length, 'output')}.`;
    session.emit({ type: 'answer', kind: 'valid', text: `${text}\n`, data: { manifest: file } });
    return session.end(EXIT.ok);
  },
});

/** Whether another output has the same name. */
function collides({ reasons }: Change): boolean {
  return reasons.some(({ code }) => code === 'path-conflict');
}
