import { basename } from 'node:path';
import { withoutPrefix } from '../lib/without-prefix.js';
import type { Exit } from './child.js';
import { problem } from './problem.js';
import type { Problem } from './problem.js';

/**
 * Which program of a line is to blame, and for what; `undefined` when all of them did well. A program
 * whose reader went away is a victim. A decoder that fails by itself comes first, because nothing
 * behind it can be right; whether it did so by itself its exit code does not tell (it writes into a
 * socket, and a reset connection looks like any other error): that `blameReaders` is for.
 */
export function findCause(exits: readonly Exit[], source: string): Problem | undefined {
  const [decoder] = exits;
  if (decoder !== undefined && failed(decoder) && !isVictim(decoder)) {
    return decoderProblem(decoder, source);
  }
  return blameReaders(exits, source);
}

/** The cause when the source is known to decode without a fault. */
export function blameReaders(exits: readonly Exit[], source: string): Problem | undefined {
  const [, ...readers] = exits;
  const culprit = readers.findLast((exit) => failed(exit) && !isVictim(exit));
  if (culprit !== undefined) return readerProblem(culprit, source);
  const victim = exits.find(failed);
  if (victim === undefined) return undefined;
  return problem({
    class: 'input',
    code: 'LENGTH_MISMATCH',
    text: `${source}: ${exits.at(-1)?.name} stopped before ${victim.name} had given it all audio`,
    stderrTail: victim.stderrTail,
  });
}

function failed(exit: Exit): boolean {
  return exit.code !== 0;
}

const LOST_READER = /Broken pipe|Connection reset/;

function isVictim(exit: Exit): boolean {
  return exit.signal === 'SIGPIPE' || LOST_READER.test(exit.stderrTail);
}

function decoderProblem(exit: Exit, source: string): Problem {
  if (exit.code === undefined) return stopped(exit, source);
  const { stderrTail } = exit;
  const said = flacComplaint(exit, source) || `exit code ${exit.code}`;
  const text = `${source}: ${meaningOf(said)} (flac: ${said})`;
  return problem({ class: 'input', code: 'DECODE_FAILED', text, stderrTail });
}

function readerProblem(exit: Exit, source: string): Problem {
  if (exit.code === undefined) return stopped(exit, source);
  const { stderrTail } = exit;
  const why = complaint(exit) || 'it did not say why';
  const text = `${source}: ${exit.name} ended with exit code ${exit.code}: ${why}`;
  return problem({ class: 'input', code: 'ENCODE_FAILED', text, stderrTail });
}

/** Killed by a signal, or never started although the file was there and executable. */
function stopped(exit: Exit, source: string): Problem {
  const { stderrTail } = exit;
  if (exit.signal === undefined) {
    const text = `${exit.name} cannot be started`;
    return problem({ class: 'environment', code: 'ENCODER_MISSING', text, stderrTail });
  }
  const text = `${source}: ${exit.name} was killed by ${exit.signal}`;
  return problem({ class: 'crash', code: 'ENCODER_KILLED', text, stderrTail });
}

/** What flac finds wrong with a file, in the words of people who do not know its format. */
const MEANINGS: readonly (readonly [RegExp, string])[] = [
  [/^frame crc mismatch/, 'damaged: a checksum in its audio is wrong'],
  [/^MD5 signature mismatch/, 'its audio is not what was encoded'],
  [/samples is smaller than/, 'cut short, or its header states too great a length'],
  [/ in (this )?frame but /, 'its header and its audio contradict each other'],
  [/^unparseable stream/, 'damaged, or of a form that this flac does not know'],
  [/^(lost sync|bad header|ERROR (while|during) )/, 'damaged or cut short'],
];

function meaningOf(said: string): string {
  const known = MEANINGS.find(([pattern]) => pattern.test(said));
  return known?.[1] ?? 'cannot be decoded whole';
}

/** What flac complains of, without the name that it puts before it and the noise around its codes. */
function flacComplaint(exit: Exit, source: string): string {
  const said = complaint(exit);
  // The tail of what it said may begin in the midst of a line.
  const [, code] = /ERROR_STATUS_(\w+)/.exec(said) ?? [];
  if (code !== undefined) return code.toLowerCase().replaceAll('_', ' ');
  // A source whose end is left out is fed to it, and then it has no name.
  return [`${basename(source)}: `, '-: '].reduce(withoutPrefix, said).replace(/^ERROR, /, '');
}

/** The first line that names an error, else the last one with letters in it. */
function complaint(exit: Exit): string {
  const lines = exit.stderrTail.split(/[\r\n\b]+/).map((line) => line.trim());
  const error = lines.find((line) => /error|cannot|fail|invalid|unsupported/i.test(line));
  return error ?? lines.findLast((line) => /[a-z]/i.test(line)) ?? '';
}
