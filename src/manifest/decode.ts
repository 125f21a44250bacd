import { isUtf8 } from 'node:buffer';
import type { TextLocation } from '../lib/failure.js';
import type { Result } from '../lib/result.js';
import { err, ok } from '../lib/result.js';
import { textLocation } from '../lib/text-location.js';
import { failureAt } from './failure.js';
import type { ManifestFailure } from './failure.js';

const REPLACEMENT = '\uFFFD';

/** The text of a manifest file: UTF-8, with or without a byte order mark, and nothing binary. */
export function decodeText(bytes: Uint8Array, file: string): Result<string, ManifestFailure> {
  const utf16 = [0xfe, 0xff].every((mark) => bytes.subarray(0, 2).includes(mark));
  if (utf16) return err(notText(`${file} is UTF-16 text; flac2all reads UTF-8`));
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = buffer.toString('utf8');
  const nul = text.indexOf('\0');
  const place = (at: number): TextLocation => textLocation({ file, text }, at, at + 1);
  if (nul !== -1) return err(notText(`${file} holds a NUL byte: it is no text file`, place(nul)));
  if (isUtf8(buffer)) return ok(text.replace(/^\uFEFF/, ''));
  const message = `${file} is not UTF-8: a byte here belongs to another encoding`;
  return err(notText(message, place(firstInvalid(buffer, text))));
}

/** Index of the first replacement character that does not stand in the bytes as such. */
function firstInvalid(bytes: Buffer, text: string): number {
  let offset = 0;
  let index = 0;
  for (const piece of text.split(REPLACEMENT)) {
    offset += Buffer.byteLength(piece);
    index += piece.length;
    if (bytes.toString('latin1', offset, offset + 3) !== '\xEF\xBF\xBD') break;
    offset += 3;
    index += 1;
  }
  return index;
}

function notText(message: string, location?: TextLocation): ManifestFailure {
  const hint = 'save the file as UTF-8 text';
  return failureAt(location, { code: 'MANIFEST_NOT_TEXT', message, hint });
}
