import { exportLedger, sha256Sums } from '../../ledger/export.js';
import { readLedger } from '../../ledger/read.js';
import { nodeDisk } from '../../lib/node-disk.js';
import { folderOf } from '../../run/manifest-folder.js';
import type { CommandBody } from '../command.js';
import { defineCommand } from '../command.js';
import { MANIFEST_OPTIONS } from '../common-options.js';
import { EXIT } from '../exit-code.js';
import { openManifest, Session } from '../session.js';

const QUIET = { json: false, quiet: false, verbose: false, 'no-color': false };

export const ledger: CommandBody = defineCommand({
  usage: ['ledger export [options]'],
  description: [
    'Prints the ledger as one sorted JSON document that compares well in git, or as a list of checksums. Takes no lock and writes nothing.',
  ],
  options: {
    ...MANIFEST_OPTIONS,
    sha256sums: { type: 'boolean', description: 'lines that `sha256sum -c` reads' },
  },
  positionals: { name: 'ACTION', description: 'export', min: 1, max: 1 },
  examples: [
    { command: 'flac2all ledger export > ledger-export.json', what: 'a document for git' },
    { command: 'flac2all ledger export --sha256sums | sha256sum -c', what: 'check all outputs' },
  ],
  async run({ values, positionals }, context) {
    const session = new Session(QUIET, context);
    const [action] = positionals;
    if (action !== 'export') {
      const message = `ledger cannot "${action}"`;
      return session.fail({ code: 'USAGE', message, hint: 'flac2all ledger export' });
    }
    const manifest = await openManifest(values, context);
    if (!manifest.ok) return session.fail(...manifest.error);
    const { stateDirectory } = manifest.value;
    const view = await readLedger(stateDirectory, folderOf(manifest.value), nodeDisk);
    if (!view.ok) return session.fail(view.error);
    const pieces = values.sha256sums ? sha256Sums(view.value) : exportLedger(view.value);
    await writeAll(pieces, context.stdout);
    return session.end(EXIT.ok);
  },
});

/** Stands in for somebody who waits. */
function nobody(): void {}

/** Writes piece after piece, as fast as the reader of a pipe takes them, until it is gone. */
async function writeAll(pieces: Iterable<string>, stream: NodeJS.WritableStream): Promise<void> {
  let isGone = false;
  let wake: () => void = nobody;
  const lose = (): void => {
    isGone = true;
    wake();
  };
  const goOn = (): void => wake();
  stream.on('error', lose).on('close', lose).on('drain', goOn);
  for (const piece of pieces) {
    if (isGone) break;
    if (stream.write(piece)) continue;
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
  stream.off('error', lose).off('close', lose).off('drain', goOn);
}
