import { nodeDisk } from '../../lib/node-disk.js';
import { proposeAccept } from '../../run/accept-outputs.js';
import type { CommandBody } from '../command.js';
import { defineCommand } from '../command.js';
import { MANIFEST_OPTIONS, OUTPUT_OPTIONS, PLAN_OPTIONS } from '../common-options.js';
import { runLedgerEdit } from '../ledger-edit.js';
import { openManifest, Session } from '../session.js';

export const accept: CommandBody = defineCommand({
  usage: ['accept [options]'],
  description: [
    'Takes outputs as they are, without encoding: those that rebuildOnEncoderChange would make again because an encoder has a new version, which the ledger then names as theirs, and those that were changed outside and are wanted so. Other reasons for a new encode, as a changed option or source, stay.',
    'Shows the rows, asks, and writes them into the ledger; no file is touched.',
  ],
  options: {
    ...MANIFEST_OPTIONS,
    target: PLAN_OPTIONS.target,
    yes: { type: 'boolean', short: 'y', description: 'do not ask' },
    ...OUTPUT_OPTIONS,
  },
  examples: [
    { command: 'flac2all accept', what: 'after an upgrade of an encoder' },
    { command: "flac2all accept --target 'Miles Davis/**'", what: 'one artist’s outputs' },
  ],
  async run({ values }, context) {
    const session = await Session.begin(values, context);
    const loaded = await openManifest(values, context);
    if (!loaded.ok) return session.fail(...loaded.error);
    const manifest = loaded.value;
    const options = { disk: nodeDisk, emit: session.emit, targets: values.target };
    const edit = {
      command: 'flac2all accept',
      propose: (view: Parameters<typeof proposeAccept>[1]) =>
        proposeAccept(manifest, view, { ...options, signal: context.signal }),
      question: 'Accept these outputs as they are?',
      nothing: 'There is nothing to accept.',
    };
    return runLedgerEdit(edit, { session, context, manifest, values });
  },
});
