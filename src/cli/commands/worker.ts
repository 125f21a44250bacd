import { availableParallelism, hostname } from 'node:os';
import { listenToSignals } from '../../cluster/agent-signals.js';
import { codecs } from '../../codecs/registry.gen.js';
import { VERSION } from '../../run/version.js';
import type { CommandBody } from '../command.js';
import { defineCommand } from '../command.js';
import { EXIT } from '../exit-code.js';
import { Session } from '../session.js';

const SPEECH = { json: false, quiet: false, verbose: false, 'no-color': false };
const CONNECT = 'tcp://127.0.0.1:2019';

export const worker: CommandBody = defineCommand({
  usage: ['worker [options]'],
  description: [
    'Connects to the master of a running `flac2all apply` and works for it until it has nothing left to do. `apply` starts a worker process of its own; more can join while it runs when the manifest has `cluster: { bind: "tcp://127.0.0.1:2019" }`. One SIGINT or SIGTERM: finish what runs, then leave; two: leave at once.',
    '`flac2all_worker HOST` is short for `flac2all worker --connect tcp://HOST:2019`.',
  ],
  options: {
    connect: {
      type: 'string',
      placeholder: 'ENDPOINT',
      default: CONNECT,
      description: 'where the master listens',
    },
    jobs: {
      type: 'integer',
      short: 'j',
      placeholder: 'N',
      min: 1,
      max: 1024,
      description: 'outputs made at the same time; otherwise one per CPU',
    },
    'started-by-master': {
      type: 'boolean',
      description:
        'leave when standard input ends, and ignore SIGINT: the master tells when to stop',
    },
  },
  examples: [
    { command: 'flac2all worker', what: 'join the master of this machine' },
    { command: 'flac2all worker --connect tcp://127.0.0.1:2019 -j2', what: 'two at a time' },
  ],
  async run({ values }, context) {
    if (!isEndpoint(values.connect)) {
      const message = `--connect must be tcp://HOST:PORT, but is "${values.connect}"`;
      return new Session(SPEECH, context).fail({ code: 'USAGE', message });
    }
    if (!values['started-by-master']) {
      context.stderr.write(`worker: waiting for a master at ${values.connect}\n`);
    }
    const signals = listenToSignals({ managed: values['started-by-master'] });
    const slots = values.jobs ?? availableParallelism();
    const { probePrograms } = await import('../../task/probe.js');
    // The programs run while the rest is loaded: a master is waiting.
    const probing = probePrograms(codecs.flatMap((codec) => codec.programs));
    const { runAgent } = await import('../../cluster/agent.js');
    const { executeTask } = await import('../../task/execute.js');
    const programs = await probing;
    const exit = await runAgent({
      endpoint: values.connect,
      slots,
      execute: executeTask,
      capabilities: Object.fromEntries([...programs].map(([name, { version }]) => [name, version])),
      name: hostname(),
      version: VERSION,
      clock: context.clock,
      signals,
    });
    signals.dispose();
    context.stderr.write(`worker: ${exit.text}\n`);
    return exit.reason === 'rejected' ? EXIT.error : EXIT.ok;
  },
});

/** What ZeroMQ can connect to; it throws at what it cannot. */
function isEndpoint(text: string): boolean {
  if (text.startsWith('ipc://')) return text.length > 'ipc://'.length;
  const port = /^tcp:\/\/[^\s/]+:(\d{1,5})$/.exec(text)?.[1];
  return port !== undefined && Number(port) > 0 && Number(port) <= 65_535;
}
