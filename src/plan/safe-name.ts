import type { Names } from '../manifest/manifest.js';

/**
 * What FAT32 and exFAT refuse in names (Microsoft, "Naming Files, Paths, and Namespaces"). A slash
 * comes from letters that ASCII writes with one: "℅" is "c/o".
 */
const REFUSED = /[<>:"/\\|?*\p{Cc}]/gu;
const RESERVED = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])\s*(?:\..*)?$/i;

/** Letters that Unicode does not take apart into an ASCII letter and a mark. */
const TRANSLITERATED: Readonly<Record<string, string>> = {
  ß: 'ss',
  ẞ: 'SS',
  æ: 'ae',
  Æ: 'AE',
  œ: 'oe',
  Œ: 'OE',
  ø: 'o',
  Ø: 'O',
  đ: 'd',
  Đ: 'D',
  ð: 'd',
  Ð: 'D',
  þ: 'th',
  Þ: 'Th',
  ł: 'l',
  Ł: 'L',
  ı: 'i',
  '‘': "'",
  '’': "'",
  '“': "'",
  '”': "'",
  '–': '-',
  '—': '-',
  '…': '...',
};

/**
 * One part of a path made safe: `keep` changes nothing, `fat32` replaces what FAT32 refuses by `_`
 * and composes to NFC, `ascii` also writes other letters in ASCII as far as that is possible.
 */
export function safePart(part: string, names: Names): string {
  if (names === 'keep') return part;
  const text = names === 'ascii' ? toAscii(part) : part.normalize('NFC');
  const trimmed = text.replaceAll(REFUSED, '_').replace(/[. ]+$/, (end) => '_'.repeat(end.length));
  return RESERVED.test(trimmed) ? `_${trimmed}` : trimmed;
}

function toAscii(text: string): string {
  let ascii = '';
  for (const character of text.normalize('NFC')) {
    const plain =
      TRANSLITERATED[character] ?? character.normalize('NFKD').replaceAll(/\p{Mark}/gu, '');
    ascii += /^[\u0020-\u007E]+$/.test(plain) ? plain : '_';
  }
  return ascii;
}
