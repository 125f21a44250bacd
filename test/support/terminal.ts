import { Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';

/** A stream that keeps what is written, and looks like a terminal where it is told to. */
export class CapturedStream extends Writable {
  readonly writes: string[] = [];
  readonly isTTY: boolean;
  columns: number;
  rows: number;

  constructor({ isTTY = false, columns = 80, rows = 24 } = {}) {
    super({ decodeStrings: false });
    this.isTTY = isTTY;
    this.columns = columns;
    this.rows = rows;
  }

  get text(): string {
    return this.writes.join('');
  }

  override _write(chunk: string, _encoding: string, done: () => void): void {
    this.writes.push(chunk);
    done();
  }
}

/**
 * What a terminal shows after some output: a screen of endless height that knows the few sequences
 * the live screen uses. Lines are as they look, styles stripped.
 */
export function render(output: string): readonly string[] {
  const lines: string[] = [];
  let row = 0;
  for (const [part] of output.matchAll(/\p{Cc}\[\d*[AKJ]|\r|\n|(?:\p{Cc}\[[\d;]*m|\P{Cc})+/gu)) {
    if (part === '\n') row += 1;
    else if (part === '\u001B[J') lines.length = Math.min(lines.length, row);
    else if (part.endsWith('A') && part.startsWith('\u001B[')) row -= Number(part.slice(2, -1));
    else if (part !== '\r' && part !== '\u001B[K') lines[row] = stripVTControlCharacters(part);
  }
  return Array.from(lines, (line) => line ?? '');
}
