import { ClassicFeed } from './classic-feed.js';
import type { Message, Tone } from './classic-feed.js';
import type { Reporter, RunEvent } from './event.js';
import type { Output } from './output.js';
import type { TextReporterOptions } from './plain.js';
import type { Palette } from './terminal.js';

/** The styles of messages. */
export function toneStyle(tone: Tone, palette: Palette): (text: string) => string {
  const styles = {
    plain: (text: string) => text,
    status: palette.cyan,
    good: palette.green,
    warning: palette.yellow,
    error: palette.red,
  };
  return styles[tone];
}

/** The lines of the classic program: workers as they join, each output, its summary. */
export class ClassicReporter implements Reporter {
  readonly #stdout: Output;
  readonly #stderr: Output;
  readonly #feed: ClassicFeed;

  constructor({ stdout, stderr, clock, base }: TextReporterOptions) {
    this.#stdout = stdout;
    this.#stderr = stderr;
    this.#feed = new ClassicFeed(clock, base);
  }

  report(event: RunEvent): void {
    for (const message of this.#feed.take(event)) this.#print(message, event);
    this.#stdout.write(this.#feed.summary(event));
    if (event.type === 'answer') this.#stdout.write(event.text);
  }

  close(): void {}

  /** What the run comes to is a result; what is odd about it is a diagnostic. */
  #print({ tone, text }: Message, { type }: RunEvent): void {
    const isResult =
      tone !== 'warning' && (tone !== 'error' || text.startsWith('n:')) && type !== 'notice';
    const output = isResult ? this.#stdout : this.#stderr;
    output.write(`${toneStyle(tone, output.palette)(text)}\n`);
  }
}
