import type { TextLocation } from '../../lib/failure.js';

/** A part of one argument of a command line. */
export interface ArgumentSpan {
  /** Which argument. */
  readonly argument: number;
  /** Where in it, and how long. */
  readonly offset: number;
  readonly length: number;
}

/** A command line as text, so that failures can point into it. */
export class CommandText {
  readonly #text: string;
  readonly #starts: readonly number[];

  constructor(argv: readonly string[]) {
    const starts: number[] = [];
    let text = 'flac2all';
    for (const argument of argv) {
      const quoted = needsQuotes(argument);
      starts.push(text.length + (quoted ? 2 : 1));
      text += quoted ? ` '${argument}'` : ` ${argument}`;
    }
    this.#text = text;
    this.#starts = starts;
  }

  /** The place of a span; of the whole command line where none is given. */
  locate(span: ArgumentSpan | undefined): TextLocation {
    const { argument, offset, length } = span ?? { argument: -1, offset: 0, length: 0 };
    const start = this.#starts[argument];
    const place =
      start === undefined
        ? { column: 1, length: this.#text.length }
        : { column: start + offset + 1, length };
    return { file: 'command line', line: 1, ...place, text: this.#text };
  }
}

/** To be read, not to be run: quotes inside stay as they are. */
function needsQuotes(argument: string): boolean {
  return !/^[\w@%+=:,./-]+$/u.test(argument);
}
