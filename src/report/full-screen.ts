import { AlternateScreen } from './alternate-screen.js';
import type { Lifecycle } from './alternate-screen.js';
import { ClassicFeed } from './classic-feed.js';
import type { Message } from './classic-feed.js';
import { toneStyle } from './classic.js';
import type { Reporter, RunEvent } from './event.js';
import { fullScreenFrame } from './full-screen-frame.js';
import type { TextReporterOptions } from './plain.js';

/** More than any screen shows. */
const MESSAGES_KEPT = 500;

/**
 * The full screen of the classic program: a bar, counts, and messages as they come. When it is over,
 * what went wrong and the summary stand on the screen that was there before.
 */
export class FullScreenReporter implements Reporter {
  readonly #options: TextReporterOptions;
  readonly #feed: ClassicFeed;
  readonly #screen: AlternateScreen;
  readonly #messages: Message[] = [];
  readonly #odd: Message[] = [];
  #result = '';

  constructor(options: TextReporterOptions, lifecycle: Lifecycle) {
    this.#options = options;
    this.#feed = new ClassicFeed(options.clock, options.base);
    const { palette } = options.stderr;
    this.#screen = new AlternateScreen(
      options.stderr,
      (size) => {
        const { workers, progress } = this.#feed;
        const { tasks, done, failed, share } = progress;
        const counts = { workers, tasks, completed: done, errors: failed, share };
        return fullScreenFrame({ ...counts, messages: this.#messages }, size, palette);
      },
      lifecycle,
    );
  }

  report(event: RunEvent): void {
    const messages = this.#feed.take(event);
    this.#messages.push(...messages);
    this.#messages.splice(0, this.#messages.length - MESSAGES_KEPT);
    this.#odd.push(...messages.filter(({ tone }) => tone === 'error' || tone === 'warning'));
    this.#result += this.#feed.summary(event);
    if (event.type === 'answer') this.#result += event.text;
  }

  close(): void {
    const { stdout, stderr } = this.#options;
    this.#screen.close();
    stderr.writeLines(this.#odd.map(({ tone, text }) => toneStyle(tone, stderr.palette)(text)));
    stdout.write(this.#result);
  }
}
