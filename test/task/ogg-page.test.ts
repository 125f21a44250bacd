import assert from 'node:assert/strict';
import { it } from 'node:test';
import * as fc from 'fast-check';
import { oggCrc, parsePage, renumberPage } from '#src/task/ogg-page.js';
import { renderPage } from '../support/ogg-page-builder.js';

/** Bit by bit, as RFC 3533 describes it. */
function slowCrc(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 24;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc << 1) ^ (crc < 0 ? 0x04c11db7 : 0);
  }
  return crc >>> 0;
}

const body = fc.uint8Array({ maxLength: 255 });

it('the checksum is that of the definition', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      assert.equal(oggCrc(Buffer.from(bytes)), slowCrc(bytes));
    }),
  );
});

it('a page that was written reads back, and only whole', () => {
  const fields = fc.record({
    flags: fc.integer({ min: 0, max: 7 }),
    granule: fc.bigInt({ min: -1n, max: 2n ** 40n }),
    serial: fc.integer({ min: 1, max: 2 ** 32 - 2 }),
    sequence: fc.nat(),
    body,
  });
  fc.assert(
    fc.property(fields, fc.nat(), (page, cut) => {
      const lacing = Uint8Array.from([page.body.length]);
      const bytes = renderPage({ ...page, lacing });
      const read = parsePage(bytes, 0);
      assert.ok(typeof read === 'object');
      assert.deepEqual(
        [read.flags, read.granule, read.serial, read.sequence],
        [page.flags, page.granule, page.serial, page.sequence],
      );
      assert.ok(read.body.equals(page.body));
      assert.equal(parsePage(bytes.subarray(0, cut % bytes.length), 0), 'incomplete');
    }),
  );
});

it('a page with another number is the page that was written with it', () => {
  fc.assert(
    fc.property(body, fc.nat(), fc.nat(), (content, from, to) => {
      const page = { flags: 0, granule: 5n, serial: 9, lacing: Uint8Array.of(content.length) };
      const bytes = renderPage({ ...page, sequence: from, body: content });
      renumberPage(bytes, to);
      assert.ok(bytes.equals(renderPage({ ...page, sequence: to, body: content })));
    }),
  );
});

it('what is no page is broken', () => {
  assert.equal(parsePage(Buffer.alloc(100), 0), 'broken');
});
