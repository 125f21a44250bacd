import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sameToken, tokenMaker } from '#src/cluster/token.js';

test('a token is of one task, attempt, session and secret', () => {
  const make = tokenMaker(Buffer.from('secret'));
  const token = make('t', '1.1', 's');
  assert.match(token, /^[0-9a-f]{32}$/);
  assert.equal(sameToken(make('t', '1.1', 's'), token), true);
  const others = [
    make('u', '1.1', 's'),
    make('t', '1.2', 's'),
    make('t', '1.1', 'r'),
    tokenMaker(Buffer.from('other'))('t', '1.1', 's'),
    token.slice(1),
    '',
  ];
  for (const other of others) assert.equal(sameToken(other, token), false, other);
});
