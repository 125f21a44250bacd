import { plainPalette } from './terminal.js';
import type { Palette, TerminalStream } from './terminal.js';

export interface OutputOptions {
  readonly palette?: Palette;
  /** Called once, with the first error of the stream. */
  readonly onClosed?: (error: Error) => void;
}

/**
 * A standard stream that may go away. After its first error (EPIPE when the reader of a pipe left)
 * it swallows what is written: a closed pipe must not crash a run.
 */
export class Output {
  readonly stream: TerminalStream;
  readonly palette: Palette;
  #open = true;

  constructor(stream: TerminalStream, options: OutputOptions = {}) {
    this.stream = stream;
    this.palette = options.palette ?? plainPalette;
    stream.on('error', (error: Error) => {
      if (!this.#open) return;
      this.#open = false;
      options.onClosed?.(error);
    });
  }

  /** `false` once the reader is gone. */
  get open(): boolean {
    return this.#open;
  }

  write(text: string): void {
    if (this.#open && text !== '') this.stream.write(text);
  }

  /** Writes each line with its newline, in one write. */
  writeLines(lines: readonly string[]): void {
    this.write(lines.map((line) => `${line}\n`).join(''));
  }
}
