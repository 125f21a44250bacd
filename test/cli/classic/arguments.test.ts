import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isClassic, normalArguments, placeOfValue } from '#src/cli/classic/arguments.js';

test('options stand anywhere, and their values may begin with a dash', () => {
  assert.deepEqual(
    normalArguments(['mp3', '--lame-options', '-preset standard', '-o', 'x', 'in']),
    ['mp3', '--lame-options=-preset standard', '--outdir=x', 'in'],
  );
  assert.deepEqual(normalArguments(['-l', 'q 0', '-v=x', '-t4']), [
    '--lame-options=q 0',
    '--vorbis-options==x',
    '--threads=4',
  ]);
});

test('-n with and without a value', () => {
  assert.deepEqual(normalArguments(['-n', 'd', 'in']), ['--nodirs=d', 'in']);
  assert.deepEqual(normalArguments(['-nm', 'in']), ['--nodirs=m', 'in']);
  assert.deepEqual(normalArguments(['--nodirs=m']), ['--nodirs=m']);
  assert.deepEqual(normalArguments(['-n', 'in']), ['--nodirs=d', 'in']);
  assert.deepEqual(normalArguments(['in', '-n']), ['in', '--nodirs=d']);
});

test('a long name may be cut short where only one begins so', () => {
  assert.deepEqual(normalArguments(['--vorbis=quality=9', '--out', 'x', '--mas', '--force']), [
    '--vorbis-options=quality=9',
    '--outdir=x',
    '--master',
    '--force',
  ]);
});

test('the first word that is no option decides whether it is the classic form', () => {
  assert.ok(isClassic(['vorbis', '-o', 'x', 'in']));
  assert.ok(isClassic(['-o', 'plan', '--vorbis-options', 'quality=8', 'vorbis,mp3', 'in']));
  assert.ok(!isClassic(['-o', 'vorbis', 'in']));
  assert.ok(!isClassic(['--nonsense']));
  assert.ok(!isClassic([]));
});

test('tells where a value stands', () => {
  const argv = ['mp3', '-l', 'q 0', '--lame-options=b 320', '-lV2', '--lame', 'x'];
  const places = [3, 4, 5, 7].map((end) => placeOfValue(argv.slice(0, end), 'lame-options'));
  assert.deepEqual(
    places.map((place) => place && argv[place.argument]?.slice(place.offset)),
    ['q 0', 'b 320', 'V2', 'x'],
  );
  assert.equal(placeOfValue(argv, 'outdir'), undefined);
});
