const LINE_END = 0x0a;

/** Where each line begins and ends in a piece of a text file, without its `\n`. */
export function* linesOf(piece: Buffer): Generator<readonly [from: number, to: number], void> {
  for (let from = 0; from < piece.length;) {
    const end = piece.indexOf(LINE_END, from);
    const to = end < 0 ? piece.length : end;
    yield [from, to];
    from = to + 1;
  }
}

/** Each line of a text file, decoded by itself: a longer string takes four times as long to make. */
export async function* textLines(pieces: AsyncIterable<Buffer>): AsyncGenerator<readonly string[]> {
  for await (const piece of pieces) {
    yield Array.from(linesOf(piece), ([from, to]) => piece.toString('utf8', from, to));
  }
}
