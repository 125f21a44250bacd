import type { TagRecipe } from '../manifest/manifest.js';
import type { Picture } from '../sources/flac-metadata.js';

/** The versions of ID3v2 that are written. */
export type Id3Version = TagRecipe['id3'];

/** An ID3v2 frame before it is written. */
export interface Id3Frame {
  readonly id: string;
  /** In pieces: pictures are large, and each copy costs. */
  readonly body: readonly Uint8Array[];
}

const LATIN1 = 0;
const UTF16 = 1;
const UTF8 = 3;
/** ISO 639-2 for "not known". */
const LANGUAGE = 'XXX';

/** Writes text frames in what the version can carry: 2.4 UTF-8, 2.3 Latin-1 for ASCII, else UTF-16. */
export class Id3Writer {
  readonly version: Id3Version;

  constructor(version: Id3Version) {
    this.version = version;
  }

  /** Several values: separated by NUL in 2.4, by `/` in 2.3, which knows one value only. */
  text(id: string, values: readonly string[]): Id3Frame {
    const separator = this.version === '2.4' ? '\0' : '/';
    return this.#encode(id, [values.join(separator)]);
  }

  /** A list of strings that both versions separate by NUL. */
  list(id: string, values: readonly string[]): Id3Frame {
    return this.#encode(id, [values.join('\0')]);
  }

  /** TXXX. */
  userText(description: string, values: readonly string[]): Id3Frame {
    const separator = this.version === '2.4' ? '\0' : '/';
    return this.#encode('TXXX', [description, values.join(separator)]);
  }

  /** COMM and USLT: a language, a description (empty) and the text. */
  languageText(id: string, text: string): Id3Frame {
    return this.#encode(id, ['', text], Buffer.from(LANGUAGE, 'latin1'));
  }

  picture(picture: Picture): Id3Frame {
    const mime = Buffer.from(`${picture.mime}\0`, 'latin1');
    const front = Buffer.concat([mime, Buffer.from([picture.type & 0xff])]);
    const frame = this.#encode('APIC', [picture.description, ''], front);
    return { id: 'APIC', body: [...frame.body, picture.data] };
  }

  /** Texts behind each other, all but the last ended by NUL; `front` stands behind the encoding byte. */
  #encode(id: string, texts: readonly string[], front: Buffer = Buffer.alloc(0)): Id3Frame {
    const encoding = this.#encodingOf(texts);
    const parts = texts.map((text, index) =>
      encodeText(index < texts.length - 1 ? `${text}\0` : text, encoding),
    );
    return { id, body: [Buffer.from([encoding]), front, ...parts] };
  }

  #encodingOf(texts: readonly string[]): number {
    if (this.version === '2.4') return UTF8;
    return texts.every((text) => isAscii(text)) ? LATIN1 : UTF16;
  }
}

function encodeText(text: string, encoding: number): Buffer {
  if (encoding === UTF8) return Buffer.from(text, 'utf8');
  if (encoding === LATIN1) return Buffer.from(text, 'latin1');
  return text === '' ? Buffer.alloc(0) : Buffer.from(`\ufeff${text}`, 'utf16le');
}

function isAscii(text: string): boolean {
  return Buffer.byteLength(text, 'utf8') === text.length;
}

/** A frame that is nothing but a web address in ASCII. */
export function urlLink(id: string, url: string): Id3Frame {
  return { id, body: [Buffer.from(url, 'latin1')] };
}

/** The owner is a URL; the identifier any bytes. */
export function uniqueFileId(owner: string, identifier: string): Id3Frame {
  return { id: 'UFID', body: [Buffer.from(`${owner}\0${identifier}`, 'utf8')] };
}
