import type { Duplex, Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { startChild } from './child.js';
import type { Child, Command, Exit } from './child.js';

/** Programs that hand audio to each other. */
export interface Line {
  readonly decoder: Command;
  /** What reads from the decoder, and from each other; the encoder last. */
  readonly readers: readonly Command[];
  /** Standard input of the decoder, where it does not open the source by itself. */
  readonly feed?: Readable | undefined;
  /** Stands between the decoder and its reader, in this process; only for rare sources. */
  readonly relay?: Duplex | undefined;
  /** Takes the decoder's output, where no program reads it. */
  readonly sink?: Writable | undefined;
  readonly signal: AbortSignal;
  /** Called when all programs are started. */
  readonly onRunning?: (() => void) | undefined;
}

/**
 * Runs the line to its end and tells how each program ended, decoder first. Audio does not pass
 * through this process (except by `relay`): each program writes into the standard input of the next
 * one, whose descriptor is closed here at once, so that a program whose reader dies gets SIGPIPE.
 */
export async function runLine(line: Line): Promise<readonly Exit[]> {
  const readers = startReaders(line);
  const [reader] = readers;
  const stdin = line.feed === undefined ? 'ignore' : 'pipe';
  const inside = line.relay !== undefined || line.sink !== undefined;
  const stdout = inside ? 'pipe' : (reader?.stdin ?? 'ignore');
  const decoder = startChild(line.decoder, { stdin, stdout, signal: line.signal });
  const transfers: Promise<void>[] = [];
  if (line.feed && decoder.stdin) transfers.push(pipeline(line.feed, decoder.stdin));
  if (line.relay && decoder.stdout && reader?.stdin) {
    transfers.push(pipeline(decoder.stdout, line.relay, reader.stdin));
  } else reader?.stdin?.destroy();
  if (line.sink && decoder.stdout) transfers.push(pipeline(decoder.stdout, line.sink));
  const children = [decoder, ...readers];
  line.onRunning?.();
  // A transfer breaks when a program at either end does; the exits tell which one.
  const [exits] = await Promise.all([
    Promise.all(children.map((child) => child.exit)),
    Promise.allSettled(transfers),
  ]);
  return exits;
}

function startReaders(line: Line): readonly Child[] {
  const started: Child[] = [];
  for (const command of line.readers.toReversed()) {
    const [next] = started;
    const child = startChild(command, {
      stdin: 'pipe',
      stdout: next?.stdin ?? 'ignore',
      signal: line.signal,
    });
    next?.stdin?.destroy();
    started.unshift(child);
  }
  return started;
}
