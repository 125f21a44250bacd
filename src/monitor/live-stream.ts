import type { ServerResponse } from 'node:http';

const EVERY_MS = 250;

/** Sends who watches a run its state, again and again, and the last one when it ends. */
export class LiveStream {
  readonly #state: () => string;
  readonly #watchers = new Set<ServerResponse>();
  #timer: NodeJS.Timeout | undefined;

  /** `state`: one line of JSON. */
  constructor(state: () => string) {
    this.#state = state;
  }

  add(response: ServerResponse): void {
    response.writeHead(200, {
      'Content-Type': 'application/x-ndjson',
      'Cache-Control': 'no-store',
    });
    response.write(this.#state());
    this.#watchers.add(response);
    response.once('close', () => this.#remove(response));
    this.#timer ??= setInterval(() => this.#tell(), EVERY_MS).unref();
  }

  /** Resolves when the last line has left, or its reader is gone. */
  async end(line: string): Promise<void> {
    clearInterval(this.#timer);
    const sent = [...this.#watchers].map(
      (watcher) =>
        new Promise<void>((resolve) => {
          watcher.once('close', () => resolve());
          watcher.end(line, () => resolve());
        }),
    );
    await Promise.all(sent);
  }

  #tell(): void {
    const line = this.#state();
    // Who does not read gets the next one; the state is never queued up.
    for (const watcher of this.#watchers) if (!watcher.writableNeedDrain) watcher.write(line);
  }

  #remove(response: ServerResponse): void {
    this.#watchers.delete(response);
    if (this.#watchers.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
