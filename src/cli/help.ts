import type { Palette } from '../report/terminal.js';
import { displayWidth, padColumns, wrapWords } from '../report/text.js';
import type { Command, CommandTitle, Option, OptionTable, Positionals } from './command.js';

/** Text wider than this is hard to read, however wide the terminal is. */
const MOST_COLUMNS = 100;
/** The widest left column of a list; what is wider has its description on the next line. */
const TERM_COLUMNS = 26;
const INDENT = '  ';

export interface HelpView {
  readonly columns: number;
  readonly palette: Palette;
}

/** The program as a whole, for `flac2all --help`. */
export interface Program {
  readonly name: string;
  readonly summary: string;
  /** Synopses without the program's name. */
  readonly usage: readonly string[];
  readonly commands: readonly CommandTitle[];
  /** Options that every command takes. */
  readonly options: OptionTable;
  /** Closing paragraphs: where to read on, exit codes. */
  readonly notes: readonly string[];
}

/** Help for the program: its commands by group, common options, where to read on. */
export function renderProgramHelp(program: Program, view: HelpView): string {
  const groups = new Set(program.commands.map(({ group }) => group));
  return joinBlocks([
    wrapWords(`${program.name}: ${program.summary}`, width(view)),
    section('Usage', synopses(program.usage, program.name), view),
    ...[...groups].map((group) => {
      const commands = program.commands.filter((command) => command.group === group);
      const rows = commands.map(({ name, summary }) => [name, summary] as const);
      return section(group, list(rows, view, programTermColumns(program)), view);
    }),
    optionSection('Options', program.options, view),
    ...program.notes.map((note) => wrapWords(note, width(view))),
  ]);
}

/** What the help of a command is made from. */
export type CommandHelp = Omit<Command, 'run' | 'group'>;

/** Help for one command: synopsis, description, arguments, options with defaults, examples. */
export function renderCommandHelp(command: CommandHelp, program: string, view: HelpView): string {
  return joinBlocks([
    wrapWords(`${program} ${command.name}: ${command.summary}`, width(view)),
    section('Usage', synopses(command.usage, program), view),
    ...command.description.map((paragraph) => wrapWords(paragraph, width(view))),
    argumentSection(command.positionals, view),
    optionSection('Options', command.options, view),
    section('Examples', exampleLines(command, view), view),
  ]);
}

function joinBlocks(blocks: readonly (readonly string[])[]): string {
  return blocks
    .filter((block) => block.length > 0)
    .map((block) => block.map((line) => `${line}\n`).join(''))
    .join('\n');
}

function width({ columns }: HelpView): number {
  return Math.min(MOST_COLUMNS, columns);
}

function section(title: string, lines: readonly string[], view: HelpView): readonly string[] {
  return lines.length === 0 ? [] : [view.palette.bold(`${title}:`), ...lines];
}

function synopses(usage: readonly string[], program: string): readonly string[] {
  return usage.map((line) => `${INDENT}${program} ${line}`);
}

/** All groups of commands share one left column. */
function programTermColumns({ commands }: Program): number {
  return Math.max(0, ...commands.map(({ name }) => displayWidth(name)));
}

function argumentSection(positionals: Positionals | undefined, view: HelpView): readonly string[] {
  if (positionals === undefined) return [];
  return section('Arguments', list([[positionals.name, positionals.description]], view), view);
}

function optionSection(title: string, table: OptionTable, view: HelpView): readonly string[] {
  const rows = Object.entries(table).map(
    ([name, option]) => [optionTerm(name, option), optionDescription(option)] as const,
  );
  return section(title, list(rows, view), view);
}

/** `-j, --jobs N`; long names stand below each other. */
function optionTerm(name: string, option: Option): string {
  const short = option.short === undefined ? '    ' : `-${option.short}, `;
  return `${short}--${name}${option.type === 'boolean' ? '' : ` ${option.placeholder}`}`;
}

function optionDescription(option: Option): string {
  const facts: string[] = [];
  if (option.type === 'string' && option.choices !== undefined) {
    facts.push(`one of ${option.choices.join(', ')}`);
  }
  if (option.type === 'integer') facts.push(...range(option.min, option.max));
  if (option.type !== 'boolean') {
    if (option.repeatable === true) facts.push('repeatable');
    if (option.default !== undefined) facts.push(`default: ${option.default}`);
  }
  return facts.length === 0 ? option.description : `${option.description} (${facts.join('; ')})`;
}

function range(min: number | undefined, max: number | undefined): readonly string[] {
  if (min === undefined) return max === undefined ? [] : [`at most ${max}`];
  return [max === undefined ? `at least ${min}` : `${min} to ${max}`];
}

function exampleLines({ examples }: CommandHelp, view: HelpView): readonly string[] {
  return examples.flatMap(({ command, what }, index) => [
    ...(index === 0 ? [] : ['']),
    ...wrapWords(what, width(view) - INDENT.length).map((line) => `${INDENT}${line}`),
    `${INDENT}${INDENT}${view.palette.cyan(`$ ${command}`)}`,
  ]);
}

/** Two columns: terms, and descriptions that wrap beside them. */
function list(
  rows: readonly (readonly [term: string, description: string])[],
  view: HelpView,
  least = 0,
): readonly string[] {
  const terms = rows.map(([term]) => displayWidth(term)).filter((term) => term <= TERM_COLUMNS);
  const termColumns = Math.max(least, ...terms);
  const left = INDENT.length + termColumns + INDENT.length;
  return rows.flatMap(([term, description]) => {
    const lines = wrapWords(description, Math.max(20, width(view) - left));
    const beside = displayWidth(term) <= termColumns ? lines[0] : undefined;
    const styled = `${INDENT}${view.palette.cyan(padColumns(term, beside === undefined ? 0 : termColumns))}`;
    return [
      beside === undefined ? styled : `${styled}${INDENT}${beside}`,
      ...lines.slice(beside === undefined ? 0 : 1).map((line) => ' '.repeat(left) + line),
    ];
  });
}
