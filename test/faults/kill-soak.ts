/**
 * The kill test for minutes instead of seconds: `node build/spec/faults/kill-soak.js [ROUNDS] [SEED]`.
 * A failure names its seed.
 */
import { test } from 'node:test';
import { killRounds } from '../support/kill-rounds.js';

const rounds = Number(process.argv[2] ?? 100);
const seed = Number(process.argv[3] ?? Math.floor(Math.random() * 2 ** 31));

test(`${rounds} rounds of kills, seed ${seed}`, (context) => killRounds(context, { rounds, seed }));
