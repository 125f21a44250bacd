import type { Exit } from './child.js';
import { problem } from './problem.js';
import type { Problem } from './problem.js';

/**
 * Which program of a line is to blame, and for what; `undefined` when all of them did well. A program
 * whose reader went away dies of SIGPIPE or complains of a broken pipe: it is a victim. A decoder
 * that fails by itself comes first, because nothing behind it can be right.
 */
export function findCause(exits: readonly Exit[], source: string): Problem | undefined {
  const [decoder, ...readers] = exits;
  if (decoder === undefined) return undefined;
  if (failed(decoder) && !isVictim(decoder)) return decoderProblem(decoder, source);
  const culprit = readers.findLast((exit) => failed(exit) && !isVictim(exit));
  if (culprit !== undefined) return readerProblem(culprit, source);
  const victim = exits.find(failed);
  if (victim === undefined) return undefined;
  return problem({
    class: 'input',
    code: 'LENGTH_MISMATCH',
    text: `${source}: ${exits.at(-1)?.name} stopped reading before ${victim.name} had given it all audio`,
    stderrTail: victim.stderrTail,
  });
}

function failed(exit: Exit): boolean {
  return exit.code !== 0;
}

function isVictim(exit: Exit): boolean {
  return exit.signal === 'SIGPIPE' || (exit.code !== 0 && exit.stderrTail.includes('Broken pipe'));
}

function decoderProblem(exit: Exit, source: string): Problem {
  if (exit.code === undefined) return stopped(exit, source);
  return problem({
    class: 'input',
    code: 'DECODE_FAILED',
    text: `${source}: cannot be decoded whole: ${complaint(exit) || `flac ended with ${exit.code}`}`,
    stderrTail: exit.stderrTail,
  });
}

function readerProblem(exit: Exit, source: string): Problem {
  if (exit.code === undefined) return stopped(exit, source);
  return problem({
    class: 'input',
    code: 'ENCODE_FAILED',
    text: `${source}: ${exit.name} ended with exit code ${exit.code}: ${complaint(exit) || 'it did not say why'}`,
    stderrTail: exit.stderrTail,
  });
}

/** Killed by a signal, or never started although the file was there and executable. */
function stopped(exit: Exit, source: string): Problem {
  const killed = exit.signal !== undefined;
  return problem({
    class: killed ? 'crash' : 'environment',
    code: killed ? 'ENCODER_KILLED' : 'ENCODER_MISSING',
    text: killed
      ? `${source}: ${exit.name} was killed by ${exit.signal}`
      : `${exit.name} cannot be started`,
    stderrTail: exit.stderrTail,
  });
}

/** The first line that names an error, else the last one with letters in it. */
function complaint(exit: Exit): string {
  const lines = exit.stderrTail.split(/[\r\n\b]+/).map((line) => line.trim());
  const error = lines.find((line) => /error|cannot|fail|invalid|unsupported/i.test(line));
  return error ?? lines.findLast((line) => /[a-z]/i.test(line)) ?? '';
}
