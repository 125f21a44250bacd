/** An agent whose tasks are made at once: `idle-agent.js ENDPOINT MS`; MS is how long it says they took. */
import { once } from 'node:events';
import { runAgent } from '#src/cluster/agent.js';
import { systemClock } from '#src/lib/clock.js';
import { made } from '../cluster/rig.js';

const [endpoint = '', ms = '1'] = process.argv.slice(2);
const never = new AbortController().signal;

process.send?.('ready');
await once(process, 'message');
process.disconnect();
await runAgent({
  endpoint,
  slots: 2,
  execute: (_task, { onStart }) => {
    onStart();
    return Promise.resolve(made(Number(ms)));
  },
  capabilities: {},
  name: 'idle',
  version: '1.0.0',
  clock: systemClock,
  signals: { drain: never, abort: never },
});
