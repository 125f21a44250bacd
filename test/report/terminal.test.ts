import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makePalette, terminalColumns, terminalRows, wantsColour } from '#src/report/terminal.js';

const tty = { isTTY: true };

test('colour is for terminals, and the environment may decide otherwise', () => {
  assert.equal(wantsColour(tty, {}), true);
  assert.equal(wantsColour({}, {}), false);
  assert.equal(wantsColour(tty, { TERM: 'dumb' }), false);
  assert.equal(wantsColour(tty, { NO_COLOR: '1' }), false);
  assert.equal(wantsColour(tty, { NO_COLOR: '' }), true);
  assert.equal(wantsColour({}, { FORCE_COLOR: '1', NO_COLOR: '1' }), true);
  assert.equal(wantsColour(tty, { FORCE_COLOR: '0' }), false);
});

test('a palette without colour gives text back, one with colour wraps it in styles', () => {
  const [plain, styled] = [makePalette(false), makePalette(true)];
  for (const name of Object.keys(plain) as (keyof typeof plain)[]) {
    assert.equal(plain[name]('x'), 'x');
    assert.match(styled[name]('x'), /^\p{Cc}\[\d+mx\p{Cc}\[\d+m$/u);
    assert.equal(styled[name](''), '');
  }
});

test('the width is that of the terminal, of COLUMNS, or 80', () => {
  assert.equal(terminalColumns({ columns: 132 }, { COLUMNS: '60' }), 132);
  assert.equal(terminalColumns({}, { COLUMNS: '60' }), 60);
  assert.equal(terminalColumns({}, { COLUMNS: 'wide' }), 80);
  assert.equal(terminalColumns({ columns: 0 }), 80);
  assert.equal(terminalColumns({ columns: 5 }), 20);
  assert.equal(terminalRows({}), 24);
  assert.equal(terminalRows({ rows: 50 }), 50);
});
