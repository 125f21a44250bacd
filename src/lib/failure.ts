/** A place in a text file; line and column count from 1, the column in UTF-16 code units. */
export interface TextLocation {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** How many characters the caret underlines. */
  readonly length: number;
  /** The whole line, to be shown above the caret. */
  readonly text: string;
}

/** An error that a user can cause and mend: stable code, message that names the thing, way out. */
export interface Failure<Code extends string = string> {
  readonly code: Code;
  readonly message: string;
  readonly location?: TextLocation;
  readonly hint?: string;
  readonly cause?: unknown;
}

/** The `code` of a Node.js system error (`ENOENT`, ...), or `undefined`. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/**
 * The message of anything that was thrown, without the stack. Of a system error without the call and
 * its paths, which Node.js appends: whoever shows it has named the file in better words.
 */
export function errorMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message } = error;
  if (!('syscall' in error) || typeof error.syscall !== 'string') return message;
  const end = message.indexOf(`, ${error.syscall}`);
  return end === -1 ? message : message.slice(0, end);
}
