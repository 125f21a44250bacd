import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import * as fc from 'fast-check';
import { readFlacHeader, readFlacMetadata } from '#src/sources/flac-header.js';
import type { PageFields } from '#src/task/ogg-page.js';
import {
  buildHeader,
  commentBlock,
  paddingBlock,
  pictureBlock,
  streamInfoBlock,
} from '../support/flac-builder.js';
import { renderPage } from '../support/ogg-page-builder.js';
import { plant, temporaryFolder } from '../support/temporary-folder.js';

const COVER = Buffer.from(Array.from({ length: 150_000 }, (_, at) => at % 251));
const NATIVE = buildHeader([
  streamInfoBlock(),
  commentBlock([
    ['TITLE', 'Grüße'],
    ['ARTIST', 'A'],
    ['ARTIST', 'B'],
  ]),
  paddingBlock(300),
  pictureBlock({ type: 3, mime: 'image/png', data: COVER }),
  { type: 5, data: Buffer.from('cue') },
]);
/** What stands behind the metadata; nobody looks at it. */
const AUDIO = Buffer.alloc(30_000, 0xff);
const MAPPING = Buffer.from('\x7fFLAC\x01\0\0\x04', 'latin1');

/** The stream in pages, each with as many segments of 255 bytes as `sizes` has for it, in turns. */
function pagesOf(sizes: readonly number[]): readonly PageFields[] {
  const stream = Buffer.concat([MAPPING, NATIVE, AUDIO]);
  // The first page has a single segment: the packet with STREAMINFO.
  const pages: PageFields[] = [];
  for (let at = 0, end = 51; at < stream.length; at = end) {
    if (at > 0) end = Math.min(stream.length, at + 255 * (sizes[pages.length % sizes.length] ?? 1));
    const body = stream.subarray(at, end);
    const lacing = Buffer.alloc(Math.ceil(body.length / 255), 255);
    if (body.length % 255 > 0) lacing[lacing.length - 1] = body.length % 255;
    pages.push({ flags: 0, granule: 0n, serial: 7, sequence: pages.length, lacing, body });
  }
  return pages;
}

function read(t: TestContext, bytes: Uint8Array): ReturnType<typeof readFlacHeader> {
  return readFlacHeader(plant(temporaryFolder(t), 'a.oga', bytes), { wantFields: true });
}

function problemOf(t: TestContext, pages: readonly PageFields[]): string {
  const found = read(t, Buffer.concat(pages.map(renderPage)));
  assert.ok(!found.ok);
  assert.equal(found.error.code, 'INVALID_HEADER');
  return found.error.text;
}

describe('FLAC in Ogg', () => {
  it('reads as without it, however its pages are cut', async (t) => {
    const plain = plant(temporaryFolder(t), 'a.flac', Buffer.concat([NATIVE, AUDIO]));
    const wanted = readFlacHeader(plain, { wantFields: true });
    const all = await readFlacMetadata(plain);
    assert.ok(wanted.ok && all.ok && all.value.pictures[0]?.data.length === COVER.length);
    const sizes = fc.array(fc.integer({ min: 1, max: 255 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(sizes, async (cut) => {
        const bytes = Buffer.concat(pagesOf(cut).map(renderPage));
        const path = plant(temporaryFolder(t), 'a.oga', bytes);
        assert.deepEqual(readFlacHeader(path, { wantFields: true }), wanted);
        assert.deepEqual(await readFlacMetadata(path), all);
      }),
      { numRuns: 30 },
    );
  });

  it('is truncated wherever it is cut', (t) => {
    const whole = Buffer.concat(pagesOf([100]).map(renderPage));
    const cuts = fc.integer({ min: 40, max: NATIVE.length - 1 });
    fc.assert(
      fc.property(cuts, (length) => {
        const found = read(t, whole.subarray(0, length));
        assert.ok(!found.ok && found.error.code === 'TRUNCATED_HEADER', JSON.stringify(found));
      }),
    );
  });

  it('says what is wrong with its pages', (t) => {
    const pages = pagesOf([100]);
    assert.match(problemOf(t, pages.toSpliced(2, 1)), /Ogg page 3, not the next, at byte \d+/);
    const other = pages.map((page, at) => (at === 2 ? { ...page, serial: 8 } : page));
    assert.match(problemOf(t, other), /a second Ogg stream at byte/);
  });

  it('is not walked for ever', (t) => {
    const [first] = pagesOf([100]);
    const none = {
      ...pagesOf([1])[1],
      lacing: Buffer.alloc(0),
      body: Buffer.alloc(0),
    } as PageFields;
    const empty = Array.from({ length: 5000 }, (_, at) => ({ ...none, sequence: at + 1 }));
    assert.match(problemOf(t, [first ?? none, ...empty]), /more than 4096 Ogg pages/);
  });
});
