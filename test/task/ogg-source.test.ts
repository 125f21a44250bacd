import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parsePage } from '#src/task/ogg-page.js';
import { readFlacMetadata } from '#src/sources/flac-header.js';
import type { Outcome } from '#src/task/task.js';
import { streamInfosOf } from '../support/length.js';
import { renderPage } from '../support/ogg-page-builder.js';
import { run, taskOf } from '../support/task-rig.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { writeTone } from '../support/tone.js';

const FRAMES = 90_001;
const TAGS = ['--tag=TITLE=Grüße', '--tag=ARTIST=A', '--tag=ARTIST=B'];

function oggTone(path: string, serial = 1): Buffer {
  writeTone(path, { frames: FRAMES, args: ['--ogg', `--serial-number=${serial}`, ...TAGS] });
  return readFileSync(path);
}

function pagesOf(bytes: Buffer): readonly Buffer[] {
  const pages: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += pages.at(-1)?.length ?? 0) {
    const page = parsePage(bytes, at);
    assert.ok(typeof page === 'object');
    pages.push(page.bytes);
  }
  return pages;
}

/** Takes the MD5 out of STREAMINFO, and with it flac's own way to find that something is missing. */
function withoutMd5([first, ...rest]: readonly Buffer[]): readonly Buffer[] {
  const page = parsePage(first ?? Buffer.alloc(0), 0);
  assert.ok(typeof page === 'object');
  const { flags, granule, serial, sequence, lacing } = page;
  const body = Buffer.from(page.body).fill(0, page.body.length - 16);
  return [renderPage({ flags, granule, serial, sequence, lacing, body }), ...rest];
}

describe('a source of FLAC in Ogg', () => {
  it('is converted with its tags', async (context) => {
    const folder = temporaryFolder(context);
    const source = join(folder, 'a.oga');
    const part = join(folder, 'part');
    oggTone(source);
    const outcome = await run(taskOf(source, { codec: 'flac', part }));
    assert.ok(outcome.status === 'made', JSON.stringify(outcome));
    assert.equal(outcome.samples, FRAMES);
    const native = join(folder, 'a.flac');
    writeTone(native, { frames: FRAMES });
    assert.equal(streamInfosOf([part]).get(part)?.md5, streamInfosOf([native]).get(native)?.md5);
    const read = await readFlacMetadata(part);
    assert.deepEqual(
      read.ok && read.value.comments.map(({ name, value }) => `--tag=${name}=${value}`),
      TAGS,
    );
  });

  it('is copied and analysed', async (context) => {
    const folder = temporaryFolder(context);
    const source = join(folder, 'a.oga');
    const bytes = oggTone(source);
    for (const codec of ['copy', 'test']) {
      const part = join(folder, codec);
      const outcome = await run(taskOf(source, { codec, part }));
      assert.ok(outcome.status === 'made', JSON.stringify(outcome));
      if (codec === 'copy') assert.deepEqual(readFileSync(part), bytes);
      else assert.match(readFileSync(part, 'utf8'), /^frame=0\t/);
    }
  });

  const faults: Readonly<
    Record<string, readonly [(pages: readonly Buffer[]) => readonly Buffer[], RegExp]>
  > = {
    'a missing page': [(pages) => pages.toSpliced(4, 1), /Ogg page 4 is missing/],
    'a missing end': [(pages) => pages.slice(0, -1), /its last Ogg page is missing/],
    'a torn end': [(pages) => [Buffer.concat(pages).subarray(0, -9)], /it breaks off inside/],
    'a damaged page': [
      (pages) => pages.map((page, at) => (at === 4 ? flipped(page) : page)),
      /page 4 is damaged/,
    ],
  };
  for (const [name, [hurt, said]] of Object.entries(faults)) {
    it(`fails for ${name}, MD5 or not`, async (context) => {
      const folder = temporaryFolder(context);
      const source = join(folder, 'a.oga');
      const pages = pagesOf(oggTone(source));
      for (const form of [pages, withoutMd5(pages)]) {
        writeFileSync(source, Buffer.concat(hurt(form)));
        assertFailed(
          await run(taskOf(source, { codec: 'opus', part: join(folder, 'part') })),
          said,
        );
      }
    });
  }

  it('fails for a second stream behind it, which flac leaves out', async (context) => {
    const folder = temporaryFolder(context);
    const source = join(folder, 'a.oga');
    const both = Buffer.concat([oggTone(source, 1), oggTone(join(folder, 'b.oga'), 2)]);
    writeFileSync(source, both);
    const outcome = await run(taskOf(source, { codec: 'vorbis', part: join(folder, 'part') }));
    assertFailed(outcome, /it holds more than one Ogg stream/);
  });
});

function assertFailed(outcome: Outcome, said: RegExp): void {
  assert.ok(outcome.status === 'failed', JSON.stringify(outcome));
  assert.equal(outcome.class, 'input');
  assert.match(outcome.text, said);
}

function flipped(page: Buffer): Buffer {
  const bytes = Buffer.from(page);
  bytes.writeUInt8(bytes.readUInt8(1000) ^ 4, 1000);
  return bytes;
}
