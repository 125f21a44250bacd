import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as fc from 'fast-check';
import { rewritePlaylist } from '#src/plan/playlist.js';
import { path } from '../support/plan-case.js';

const OUTPUTS = new Map([
  ['/in/A/01 é.flac', '/out/A/01 é.opus'],
  ['/in/A/x.mp3', '/out/A/x.mp3'],
  ['/in/A/#1.flac', '/out/P/#1.opus'],
  ['/in/A/line.flac', '/out/A/line\nbreak.opus'],
  ['/in/A/jp.flac', '/out/A/東.opus'],
]);

function rewrite(text: string | Buffer): {
  readonly bytes: Buffer;
  readonly warnings: readonly string[];
} {
  const { content, warnings } = rewritePlaylist(Buffer.from(text as string), {
    source: path('/in/P/all.m3u'),
    output: path('/out/P/all.m3u'),
    outputOf: (source) => OUTPUTS.get(source) as ReturnType<typeof path> | undefined,
  });
  return { bytes: Buffer.from(content, 'latin1'), warnings };
}

suite('rewritten playlists', () => {
  test('relative, absolute and file: entries lead to the outputs; all else stays', () => {
    const { bytes, warnings } = rewrite(
      [
        '\uFEFF#EXTM3U\r\n#EXTINF:1,A - B\r\n../A/01 é.flac\r\n',
        '/in/A/x.mp3\n\nfile:///in/A/01%20%C3%A9.flac\nhttp://radio/x.flac\n./../A/x.mp3',
      ].join(''),
    );
    assert.equal(
      bytes.toString(),
      [
        '\uFEFF#EXTM3U\r\n#EXTINF:1,A - B\r\n../A/01 é.opus\r\n',
        '../A/x.mp3\n\n../A/01 é.opus\nhttp://radio/x.flac\n../A/x.mp3',
      ].join(''),
    );
    assert.deepEqual(warnings, []);
  });

  test('backslashes stay backslashes', () => {
    assert.equal(rewrite('..\\A\\01 é.flac').bytes.toString(), '..\\A\\01 é.opus');
  });

  test('an entry is never taken for a comment, nor cut in two', () => {
    assert.equal(rewrite('../A/#1.flac').bytes.toString(), './#1.opus');
    const broken = rewrite('../A/line.flac');
    assert.equal(broken.bytes.toString(), '../A/line.flac');
    assert.equal(broken.warnings.length, 1);
  });

  test('an entry that leads nowhere stays, and is named with its line', () => {
    const { bytes, warnings } = rewrite('#EXTM3U\n../../etc/passwd\nC:\\Music\\x.flac\n');
    assert.equal(bytes.toString(), '#EXTM3U\n../../etc/passwd\nC:\\Music\\x.flac\n');
    assert.deepEqual(
      warnings.map((text) => text.replace(/ leads.*: /, ': ')),
      ['line 2: ../../etc/passwd', 'line 3: C:\\Music\\x.flac'],
    );
    assert.equal(rewrite('no\n'.repeat(1000)).warnings.length, 21);
  });

  test('Latin-1 stays Latin-1 as long as it can hold the names', () => {
    const latin1 = rewrite(Buffer.from('#ü\n../A/01 é.flac\n', 'latin1'));
    assert.deepEqual(latin1.bytes, Buffer.from('#ü\n../A/01 é.opus\n', 'latin1'));
    const wider = rewrite(Buffer.from('#ü\n../A/jp.flac\n', 'latin1'));
    assert.equal(wider.bytes.toString(), '\uFEFF#ü\n../A/東.opus\n');
  });

  test('whatever the bytes are, what leads to no output stays as it is', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        assert.deepEqual(rewrite(Buffer.from(bytes)).bytes, Buffer.from(bytes));
      }),
    );
  });
});
