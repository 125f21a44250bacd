/* A process that opens the ledger in argv[2], says so, and at each message writes a row into it. */
import { systemClock } from '#src/lib/clock.js';
import { nodeDisk } from '#src/lib/node-disk.js';
import { openLedger } from '#src/ledger/open.js';
import { systemProcesses } from '#src/ledger/process-identity.js';
import { entryOf, path } from './ledger-rig.js';

const [, , directory = '', host = ''] = process.argv;
const here = systemProcesses();

const opened = await openLedger({
  directory: path(directory),
  owner: 'flac2all.yaml',
  base: path('/music'),
  disk: nodeDisk,
  clock: systemClock,
  // Of another machine, so that nobody here can tell whether it lives.
  processes: { ...here, self: { ...here.self, host } },
  run: { id: host, command: `flac2all apply on ${host}` },
  onNotice: () => undefined,
});
if (!opened.ok) throw new Error(opened.error.message);
const ledger = opened.value;

process.on('message', (name: string) => {
  void ledger.updated(entryOf(`/music/out/${name}`, name)).then(
    () => process.send?.(`wrote ${name}`),
    async (error: Error) => {
      await ledger.close().catch(() => undefined);
      process.send?.(`refused: ${error.message}`, () => process.disconnect());
    },
  );
});
process.send?.('open');
