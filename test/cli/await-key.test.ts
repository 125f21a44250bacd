import assert from 'node:assert/strict';
import { test } from 'node:test';
import { awaitKey } from '#src/cli/await-key.js';
import type { ClusterKey } from '#src/cluster/key-file.js';
import type { Failure } from '#src/lib/failure.js';
import { err, ok } from '#src/lib/result.js';
import type { Result } from '#src/lib/result.js';
import { FakeClock } from '../support/fake-clock.js';

type Look = Result<ClusterKey, Failure>;

const KEY: Look = ok({ publicKey: 'p', secretKey: 's', serverKey: 'p' });
const MISSING: Look = err({ code: 'KEY_MISSING', message: 'there is no key', hint: 'make one' });
const CUT: Look = err({ code: 'KEY_UNREADABLE', message: 'cut short' });
const UNSAFE: Look = err({ code: 'KEY_UNSAFE', message: 'others may read it' });

/** What becomes of a wait that finds one after the other, the last for ever, and what is said. */
async function waitFor(
  found: readonly Look[],
  {
    patienceMs,
    signal = new AbortController().signal,
  }: Partial<Parameters<typeof awaitKey>[1]> = {},
): Promise<{ readonly ended: Result<ClusterKey | undefined, Failure>; readonly said: string[] }> {
  const clock = new FakeClock();
  const said: string[] = [];
  let looks = 0;
  const look = (): Look => found[Math.min(looks++, found.length - 1)] ?? MISSING;
  const say = (text: string): void => void said.push(text);
  const waited = awaitKey(look, { clock, patienceMs, signal, say });
  return { ended: await clock.passUntil(waited), said };
}

test('a key that is there is taken without a word', async () => {
  assert.deepEqual(await waitFor([KEY]), { ended: KEY, said: [] });
});

test('a missing key is told once and waited for, half written too', async () => {
  const { ended, said } = await waitFor([MISSING, MISSING, MISSING, CUT, KEY]);
  assert.deepEqual(ended, KEY);
  assert.deepEqual(said.slice(0, 2), ['there is no key', 'make one']);
  assert.equal(said.length, 4);
});

test('what waiting does not mend is a failure', async () => {
  assert.deepEqual((await waitFor([UNSAFE])).ended, UNSAFE);
  assert.deepEqual((await waitFor([MISSING, CUT, CUT, KEY])).ended, CUT);
});

test('patience and signals end the wait', async () => {
  assert.deepEqual((await waitFor([MISSING], { patienceMs: 60_000 })).ended, MISSING);
  const signal = AbortSignal.abort();
  assert.deepEqual((await waitFor([MISSING], { signal })).ended, ok(undefined));
});
