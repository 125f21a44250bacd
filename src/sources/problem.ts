import { errorCode, errorMessage } from '../lib/failure.js';
import type { SourceProblemCode } from './failure.js';
import type { SourceProblem } from './source.js';

/** Builds a problem with a code of this folder's union. */
export function problem(code: SourceProblemCode, text: string): SourceProblem {
  return { code, text };
}

/** What a system error says of a source that was to be read; throws on what is none. */
export function problemOfRead(error: unknown): SourceProblem {
  if (errorCode(error) === undefined) throw error;
  return problem('SOURCE_UNREADABLE', systemErrorText(error));
}

/** `EACCES: permission denied` out of Node's `EACCES: permission denied, open '/x'`. */
export function systemErrorText(error: unknown): string {
  const message = errorMessage(error);
  const comma = message.indexOf(', ');
  return comma === -1 ? message : message.slice(0, comma);
}
