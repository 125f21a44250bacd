import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import type { PictureRecipe } from '#src/manifest/manifest.js';
import type { Picture } from '#src/sources/flac-metadata.js';
import { readFlacMetadata } from '#src/sources/flac-header.js';
import { fitPicture } from '#src/task/fit-picture.js';
import type { Fitted } from '#src/task/fit-picture.js';
import { pictureKind, pictureSize } from '#src/task/picture-kind.js';
import { openPictureProgram } from '#src/task/picture-program.js';
import { corpus, corpusMissing } from '../support/corpus.js';
import { makePicture } from '../support/picture.js';

function picture(data: Uint8Array, rest: Partial<Picture> = {}): Picture {
  const shape = { width: 1, height: 1, depth: 24, colors: 0 };
  return { type: 3, mime: 'image/x', description: 'ä', ...shape, data, ...rest };
}

async function fit(one: Picture, recipe: PictureRecipe): Promise<Fitted> {
  const convert = await openPictureProgram(new AbortController().signal, '/a.flac');
  assert.ok(convert.ok);
  return fitPicture(one, recipe, convert.value);
}

/** `jpeg 100x50` of what is in the data; the block must say the same. */
function shapeOf({ picture: made }: Fitted): string {
  const kind = pictureKind(made.data);
  assert.ok(kind !== undefined);
  const size = pictureSize(made.data, kind);
  assert.deepEqual({ width: made.width, height: made.height }, size);
  assert.equal(made.mime, `image/${kind}`);
  assert.equal(made.description, 'ä');
  return `${kind} ${made.width}x${made.height}`;
}

describe('pictures by ffmpeg', () => {
  const cases = [
    ['jpeg', { maxSize: 100 }, 'jpeg 100x50'],
    ['png', { maxSize: 100 }, 'png 100x50'],
    ['gif', { maxSize: 100 }, 'png 100x50'],
    ['webp', { maxSize: 100 }, 'jpeg 100x50'],
    ['bmp', { maxSize: 100 }, 'jpeg 100x50'],
    ['png', { format: 'jpeg' }, 'jpeg 400x200'],
    ['gif', { format: 'jpeg', maxSize: 1000 }, 'jpeg 400x200'],
  ] as const;
  for (const [kind, recipe, shape] of cases) {
    test(`${kind} by ${JSON.stringify(recipe)} is ${shape}`, async () => {
      const one = picture(makePicture(kind, 400, 200));
      assert.equal(shapeOf(await fit(one, recipe)), shape);
    });
  }

  test('what is within the limits stays byte for byte', async () => {
    for (const kind of ['jpeg', 'png', 'gif', 'webp', 'bmp'] as const) {
      const one = picture(makePicture(kind, 400, 200));
      assert.deepEqual(await fit(one, { maxSize: 401 }), { picture: one });
    }
    const jpeg = picture(makePicture('jpeg', 400, 200));
    assert.deepEqual(await fit(jpeg, { format: 'jpeg' }), { picture: jpeg });
  });

  test('a file icon stays a PNG, and an address an address', async () => {
    const icon = picture(makePicture('png', 32, 32), { type: 1 });
    assert.deepEqual(await fit(icon, { format: 'jpeg', maxSize: 16 }), { picture: icon });
    const link = picture(Buffer.from('https://x.org/a.png'), { mime: '-->' });
    assert.deepEqual(await fit(link, { format: 'jpeg' }), { picture: link });
  });

  test('what cannot be read is kept and said', async () => {
    const broken = makePicture('png', 400, 200).subarray(0, 60);
    for (const data of [broken, Buffer.from('#EXTM3U\nfile:///etc/passwd\n'), Buffer.alloc(0)]) {
      const one = picture(data);
      const fitted = await fit(one, { maxSize: 20 });
      assert.equal(fitted.picture, one);
      assert.match(fitted.warning ?? '', /cannot be read and is kept as it is/);
    }
  });

  test('the AVIF cover of a real file becomes JPEG', { skip: corpusMissing }, async () => {
    const name = 'good/ietf-wg-cellar+flac-test-files/59 - AVIF PICTURE.flac';
    const read = await readFlacMetadata(`${corpus?.root ?? ''}/${name}`);
    assert.ok(read.ok);
    const [avif] = read.value.pictures;
    assert.ok(avif !== undefined);
    const fitted = await fit({ ...avif, description: 'ä' }, { maxSize: 480 });
    assert.equal(shapeOf(fitted), 'jpeg 480x270');
  });
});

test('kind and size are read from any bytes without a fault', () => {
  const starts = ['ffd8ffe0', 'ffd8ffc0', '89504e470d0a1a0a', '474946383961', '424d'];
  const start = fc.constantFrom(...starts.map((hex) => Buffer.from(hex, 'hex')));
  fc.assert(
    fc.property(start, fc.uint8Array({ maxLength: 64 }), (head, tail) => {
      const data = Buffer.concat([head, tail]);
      const kind = pictureKind(data);
      const size = kind && pictureSize(data, kind);
      assert.ok(size === undefined || size.width >= 0);
    }),
  );
});

test('without ffmpeg it is said what it is wanted for', async () => {
  const path = process.env['PATH'];
  process.env['PATH'] = '';
  try {
    const convert = await openPictureProgram(new AbortController().signal, '/a.flac');
    assert.ok(!convert.ok);
    const { text } = convert.error;
    assert.match(text, /^\/a\.flac: its pictures must be converted, and ffmpeg is not on PATH/);
  } finally {
    process.env['PATH'] = path;
  }
});
