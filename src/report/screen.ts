import type { Output } from './output.js';
import { terminalColumns, terminalRows } from './terminal.js';
import { displayWidth } from './text.js';

/** Ten frames a second are smooth, and bearable over a slow line. */
const FRAME_MS = 100;
const ERASE_LINE_END = '\u001B[K';
const ERASE_BELOW = '\u001B[J';

/** Room for a frame. Its lines must not be wider than `columns`; more than `rows` are cut off. */
export interface FrameSize {
  readonly columns: number;
  readonly rows: number;
}

/** The lines to show now; `tick` counts frames and turns spinners. */
export type Frame = (size: FrameSize, tick: number) => readonly string[];

/**
 * A region at the bottom of a terminal that is drawn again in place. Frames come from a timer that
 * keeps no process alive, so a thousand events a second cost no more than ten frames. The cursor
 * stays visible, below the region: there is nothing to restore when the process is killed.
 */
export class Screen {
  readonly #output: Output;
  readonly #frame: Frame;
  readonly #timer: NodeJS.Timeout;
  #drawn: readonly string[] = [];
  #above = '';
  #tick = 0;

  constructor(output: Output, frame: Frame) {
    this.#output = output;
    this.#frame = frame;
    this.#timer = setInterval(() => {
      this.#tick += 1;
      this.#draw();
    }, FRAME_MS);
    this.#timer.unref();
  }

  /** Puts permanent text above the region, with the next frame. */
  print(text: string): void {
    this.#above += text;
  }

  /** Makes what the frame shows now permanent; the region goes on empty below it. */
  commit(): void {
    this.#draw();
    this.#drawn = [];
  }

  /** Draws the last frame and leaves it. */
  close(): void {
    clearInterval(this.#timer);
    this.commit();
  }

  #draw(): void {
    const lines = this.#frame(this.#size(), this.#tick).slice(0, this.#size().rows);
    if (this.#above === '' && lines.length === 0 && this.#drawn.length === 0) return;
    const body = this.#above + lines.map((line) => `${line}\n`).join('');
    const text = body.replaceAll('\n', `${ERASE_LINE_END}\n`);
    this.#output.write(`${this.#rewind()}${text}${ERASE_BELOW}`);
    this.#above = '';
    this.#drawn = lines;
  }

  /**
   * One column and one row less than the terminal has: erasing behind a character in the last
   * column would take that character, and the cursor needs a row.
   */
  #size(): FrameSize {
    const { stream } = this.#output;
    return { columns: terminalColumns(stream) - 1, rows: terminalRows(stream) - 1 };
  }

  /** Moves to the start of the region; a terminal that became narrower has broken its lines. */
  #rewind(): string {
    const columns = terminalColumns(this.#output.stream);
    const rows = this.#drawn.reduce(
      (sum, line) => sum + Math.max(1, Math.ceil(displayWidth(line) / columns)),
      0,
    );
    return rows === 0 ? '' : `\r\u001B[${rows}A`;
  }
}
