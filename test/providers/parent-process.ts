/** Starts a local agent and waits, to be killed by tests: `parent-process.js ENTRY ARGS...`. */
import { systemClock } from '#src/lib/clock.js';
import { startLocalAgent } from '#src/providers/local-agent.js';

const [entry = '', ...args] = process.argv.slice(2);
await startLocalAgent({ entry, args, clock: systemClock }).ended;
