/**
 * The same text. V8 keeps a text that was put together as its pieces, which take twice the memory, until
 * somebody looks into it; of a million paths that is 100 MB.
 */
export function inOnePiece<Text extends string>(text: Text): Text {
  // The comparison is what looks; a result that nobody uses would be left out.
  return text.charCodeAt(0) === 0 ? (text.slice() as Text) : text;
}
