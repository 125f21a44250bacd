/**
 * The chaos test for minutes instead of seconds: `node build/spec/faults/chaos-soak.js [MINUTES] [SEED] [TASKS]`.
 * Masters and workers are killed and frozen, lines between them cut and held, all the time, while 10,000 small
 * files are copied, round after round. Prints a table; fails when anything is lost, doubled or wrong.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printTable } from '../bench/table.js';
import { Chaos } from '../support/chaos.js';
import type { RoundReport } from '../support/chaos.js';

const minutes = Number(process.argv[2] ?? 30);
const seed = Number(process.argv[3] ?? Math.floor(Math.random() * 2 ** 31));
const tasks = Number(process.argv[4] ?? 10_000);
const FAULT_MS = 700;

test(`${minutes} minutes of faults, seed ${seed}`, async (t) => {
  const chaos = await Chaos.make(t, seed);
  const rounds: RoundReport[] = [];
  const begin = performance.now();
  while (performance.now() - begin < minutes * 60_000)
    rounds.push(await chaos.round(tasks, FAULT_MS));
  await chaos.end();
  const title = `chaos: ${rounds.length} rounds of ${tasks} tasks, seed ${seed}`;
  printTable(title, [
    ['round', 'faults', 'masters', 'reruns', 'lost', 'doubled', 'wrong', 'took'],
    ...rounds.map(rowOf),
  ]);
  printTable('chaos: faults', faultRows(rounds));
  for (const { lost, doubled, wrong } of rounds) {
    assert.deepEqual({ lost, doubled, wrong }, { lost: 0, doubled: 0, wrong: 0 });
  }
});

function rowOf(round: RoundReport, index: number): readonly string[] {
  const { faults, masters, reruns, lost, doubled, wrong, ms } = round;
  const count = Object.values(faults).reduce((sum, each) => sum + each, 0);
  const counts = [count, masters, reruns, lost, doubled, wrong].map(String);
  return [String(index + 1), ...counts, `${Math.round(ms / 1000)} s`];
}

function faultRows(rounds: readonly RoundReport[]): readonly (readonly string[])[] {
  const names = [...new Set(rounds.flatMap(({ faults }) => Object.keys(faults)))].toSorted();
  const sum = (name: string): number =>
    rounds.reduce((total, { faults }) => total + (faults[name] ?? 0), 0);
  return [['what', 'times'], ...names.map((name) => [name, String(sum(name))])];
}
