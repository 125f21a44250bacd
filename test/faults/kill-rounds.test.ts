import { test } from 'node:test';
import { killRounds } from '../support/kill-rounds.js';
import { processesHidden } from '../support/processes.js';

/** More of them, for minutes, and by chance: kill-soak.ts. */
test('two rounds of kills and stops at random moments', { skip: processesHidden }, (context) =>
  killRounds(context, { rounds: 2, seed: 20, compareEvery: 2 }),
);
