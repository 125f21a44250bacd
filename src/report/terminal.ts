import { styleText } from 'node:util';

const DEFAULT_COLUMNS = 80;
const DEFAULT_ROWS = 24;
const FEWEST_COLUMNS = 20;

/** The part of a writable stream that says whether and how a terminal stands behind it. */
export interface TerminalStream extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

export type Environment = Readonly<Record<string, string | undefined>>;
type Style = (text: string) => string;

/** The styles that messages use; each gives the text back as it is when colour is off. */
export interface Palette {
  readonly bold: Style;
  readonly dim: Style;
  readonly red: Style;
  readonly green: Style;
  readonly yellow: Style;
  readonly cyan: Style;
}

/** What a palette is when colour is off. */
export const plainPalette: Palette = makePalette(false);

/** Styles for a stream that does or does not show colour. */
export function makePalette(colour: boolean): Palette {
  const style = (format: 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'): Style =>
    colour
      ? (text) => (text === '' ? '' : styleText(format, text, { validateStream: false }))
      : (text) => text;
  return {
    bold: style('bold'),
    dim: style('dim'),
    red: style('red'),
    green: style('green'),
    yellow: style('yellow'),
    cyan: style('cyan'),
  };
}

/**
 * Whether to write colour: FORCE_COLOR decides before NO_COLOR, as in Node.js; else a terminal that
 * is not `dumb`. What a command-line option says comes before all of this.
 */
export function wantsColour(stream: { readonly isTTY?: boolean }, env: Environment): boolean {
  const force = env['FORCE_COLOR'];
  if (force !== undefined) return force !== '0' && force !== 'false';
  if ((env['NO_COLOR'] ?? '') !== '') return false;
  return stream.isTTY === true && env['TERM'] !== 'dumb';
}

/** Columns to write for: the terminal's, else COLUMNS, else 80; never below 20. */
export function terminalColumns(
  stream: { readonly columns?: number },
  env: Environment = {},
): number {
  const columns = positive(stream.columns) ?? positive(Number(env['COLUMNS'])) ?? DEFAULT_COLUMNS;
  return Math.max(FEWEST_COLUMNS, columns);
}

/** Rows of the terminal, 24 where nobody knows. */
export function terminalRows(stream: { readonly rows?: number }): number {
  return positive(stream.rows) ?? DEFAULT_ROWS;
}

function positive(value: number | undefined): number | undefined {
  return value !== undefined && Number.isInteger(value) && value > 0 ? value : undefined;
}
