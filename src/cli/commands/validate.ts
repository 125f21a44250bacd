import { lookAtMachine } from '../../codecs/machine.js';
import { loadManifest } from '../../manifest/load.js';
import { formatCounted } from '../../report/format.js';
import type { CommandBody } from '../command.js';
import { defineCommand } from '../command.js';
import { MANIFEST_OPTIONS, OUTPUT_OPTIONS } from '../common-options.js';
import { EXIT } from '../exit-code.js';
import { manifestToRead, Session } from '../session.js';

export const validate: CommandBody = defineCommand({
  usage: ['validate [options]'],
  description: [
    'Reads the manifest and all that it extends, and says everything that is wrong with it: file, line, column, and the way out. Touches neither sources nor outputs.',
  ],
  options: { ...MANIFEST_OPTIONS, ...OUTPUT_OPTIONS },
  examples: [
    { command: 'flac2all validate', what: 'checks flac2all.yaml in this folder' },
    { command: 'flac2all validate -f /srv/music/flac2all.yaml', what: 'checks another one' },
  ],
  async run({ values }, context) {
    const session = new Session(values, context);
    const file = manifestToRead(values, context);
    const machine = await lookAtMachine(context.env['PATH']);
    const loaded = await loadManifest(file, {
      hasProgram: (name) => machine.programs.has(name),
      machine: () => Promise.resolve(machine),
    });
    if (!loaded.ok) return session.fail(...loaded.error);
    const { sources, outputs } = loaded.value;
    const text = `${file} is valid: ${formatCounted(sources.length, 'source')}, ${formatCounted(outputs.length, 'output')}.`;
    session.emit({ type: 'answer', kind: 'valid', text: `${text}\n`, data: { manifest: file } });
    return session.end(EXIT.ok);
  },
});
