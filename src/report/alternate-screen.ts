import type { Output } from './output.js';
import type { FrameSize } from './screen.js';
import { terminalColumns, terminalRows } from './terminal.js';

const FRAME_MS = 100;
const ENTER = '\u001B[?1049h\u001B[?25l\u001B[2J';
const LEAVE = '\u001B[?25h\u001B[?1049l';

/** What may happen to the process while the screen is taken; `process` is one. */
export interface Lifecycle {
  on(event: 'exit' | 'SIGTSTP' | 'SIGCONT', listener: () => void): unknown;
  off(event: 'exit' | 'SIGTSTP' | 'SIGCONT', listener: () => void): unknown;
  kill(pid: number, signal: 'SIGSTOP'): unknown;
  readonly pid: number;
}

/**
 * The terminal's second screen, drawn ten times a second where something has changed. What stood on
 * the first one comes back when the run ends, the process exits or is suspended (Ctrl-Z).
 */
export class AlternateScreen {
  readonly #output: Output;
  readonly #frame: (size: FrameSize) => readonly string[];
  readonly #lifecycle: Lifecycle;
  readonly #timer: NodeJS.Timeout;
  #drawn: readonly string[] = [];
  #size = '';
  #taken = false;

  constructor(output: Output, frame: (size: FrameSize) => readonly string[], lifecycle: Lifecycle) {
    this.#output = output;
    this.#frame = frame;
    this.#lifecycle = lifecycle;
    lifecycle.on('exit', this.#leave);
    lifecycle.on('SIGTSTP', this.#suspend);
    lifecycle.on('SIGCONT', this.#enter);
    this.#enter();
    this.#timer = setInterval(() => this.#draw(), FRAME_MS);
    this.#timer.unref();
  }

  /** Gives the terminal back; a second call does nothing. */
  close(): void {
    clearInterval(this.#timer);
    this.#lifecycle.off('exit', this.#leave);
    this.#lifecycle.off('SIGTSTP', this.#suspend);
    this.#lifecycle.off('SIGCONT', this.#enter);
    this.#leave();
  }

  readonly #enter = (): void => {
    if (this.#taken) return;
    this.#taken = true;
    this.#output.write(ENTER);
    this.#drawn = [];
    this.#draw();
  };

  readonly #leave = (): void => {
    if (!this.#taken) return;
    this.#taken = false;
    this.#output.write(LEAVE);
  };

  readonly #suspend = (): void => {
    this.#leave();
    this.#lifecycle.kill(this.#lifecycle.pid, 'SIGSTOP');
  };

  #draw(): void {
    if (!this.#taken) return;
    const { stream } = this.#output;
    const size = { columns: terminalColumns(stream), rows: terminalRows(stream) };
    const key = `${size.columns}x${size.rows}`;
    const isNew = key !== this.#size;
    this.#size = key;
    const lines = this.#frame(size).slice(0, size.rows);
    const changed = lines.flatMap((line, row) =>
      isNew || line !== this.#drawn[row] ? [`\u001B[${row + 1};1H${line}`] : [],
    );
    this.#drawn = lines;
    if (changed.length > 0) this.#output.write(`${isNew ? '\u001B[2J' : ''}${changed.join('')}`);
  }
}
