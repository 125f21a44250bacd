import type { Codec, EncoderCodec } from '../../codecs/codec.js';
import { canEncode, lookAtMachine } from '../../codecs/machine.js';
import type { Machine } from '../../codecs/machine.js';
import { codecs as allCodecs, families } from '../../codecs/registry.gen.js';
import type { Json, JsonObject } from '../../lib/json.js';
import { terminalColumns } from '../../report/terminal.js';
import { displayWidth, escapeControls, padColumns, wrapWords } from '../../report/text.js';
import { probePrograms } from '../../task/probe.js';
import type { ProbedProgram } from '../../task/probe.js';
import type { CommandBody } from '../command.js';
import { defineCommand } from '../command.js';
import { OUTPUT_OPTIONS } from '../common-options.js';
import { EXIT } from '../exit-code.js';
import { Session } from '../session.js';

export const codecs: CommandBody = defineCommand({
  usage: ['codecs [options]'],
  description: [
    'Lists every codec that a manifest can name: the program that makes it, its version and path on this machine, the extension of its files and its options. Then every audio encoder of the installed ffmpeg, which a manifest names as ffmpeg:NAME.',
  ],
  options: { ...OUTPUT_OPTIONS },
  examples: [
    { command: 'flac2all codecs', what: 'what can be made here' },
    { command: 'flac2all codecs --json', what: 'the same for programs' },
  ],
  async run({ values }, context) {
    const session = await Session.begin(values, context);
    const machine = await lookAtMachine(context.env['PATH']);
    const ways = allCodecs.flatMap((codec) => waysOf(codec, machine));
    const members = membersOf(machine);
    const all = [...ways, ...members];
    const found = await probePrograms(all.map(({ codec }) => codec.programs[0]));
    const rows = all.map((way) => rowOf(way, found));
    const columns = terminalColumns(context.stdout, context.env);
    const text = [
      ...codecLines(rows.slice(0, ways.length), columns),
      '',
      ...memberLines(rows.slice(ways.length), columns),
      '',
    ].join('\n');
    session.emit({ type: 'answer', kind: 'codecs', text, data: { codecs: rows } });
    return session.end(EXIT.ok);
  },
});

/** A codec with one of the programs that can make it. */
interface Way {
  readonly codec: Codec;
  readonly encoder: string | null;
  readonly present: boolean;
  /** Why it cannot be used; null: it can. */
  readonly refused: string | null;
}

function waysOf(codec: Codec, machine: Machine): readonly Way[] {
  const choices = codec.kind === 'encode' ? (codec.encoders ?? []) : [];
  if (choices.length === 0) {
    const present = codec.programs.every(({ name }) => machine.programs.has(name));
    return [{ codec, encoder: null, present, refused: null }];
  }
  return choices.map((choice) => ({
    codec: { ...(codec as EncoderCodec), ...choice, name: codec.name },
    encoder: choice.name,
    present: canEncode(machine, choice),
    refused: null,
  }));
}

/** The audio encoders of the ffmpeg here, as codecs. */
function membersOf({ ffmpegEncoders = [] }: Machine): readonly Way[] {
  return families.flatMap((family) =>
    ffmpegEncoders.map((name) => {
      const refused = family.refusal(name) ?? null;
      return { codec: family.codec(name), encoder: null, present: refused === null, refused };
    }),
  );
}

/** One line of the list. */
type Row = {
  readonly codec: string;
  readonly encoder: string | null;
  readonly program: string;
  readonly version: string | null;
  readonly path: string | null;
  readonly present: boolean;
  readonly extension: string | null;
  readonly options: JsonObject;
  readonly refused: string | null;
};

function rowOf(
  { codec, encoder, present, refused }: Way,
  found: ReadonlyMap<string, ProbedProgram>,
): Row {
  const [program] = codec.programs;
  const probed = found.get(program.name);
  return {
    codec: codec.name,
    encoder,
    program: program.name,
    version: probed?.version ?? null,
    path: probed?.path ?? null,
    present,
    extension: codec.extension ?? null,
    options: optionsOf(codec.options),
    refused,
  };
}

/** Name and default of each option; null where there is none. */
function optionsOf(schema: JsonObject): JsonObject {
  const rules = schema['properties'] as Readonly<Record<string, JsonObject>>;
  const entries = Object.entries(rules).map(([name, rule]): [string, Json] => [
    name,
    rule['default'] ?? null,
  ]);
  return Object.fromEntries(entries);
}

function codecLines(rows: readonly Row[], columns: number): readonly string[] {
  const cells = rows.map((row) => [
    row.codec,
    row.extension === null ? 'as the source' : `.${row.extension}`,
    row.encoder ?? row.program,
    row.present ? `${row.version}  ${escapeControls(row.path ?? '')}` : 'missing',
  ]);
  return table(cells).flatMap((line, at) => {
    const repeated = rows[at - 1]?.codec === rows[at]?.codec;
    return repeated ? [line] : [line, ...optionLines(rows[at], columns)];
  });
}

const INDENT = '    ';

function optionLines(row: Row | undefined, columns: number): readonly string[] {
  const text = Object.entries(row?.options ?? {})
    .map(([name, value]) => (value === null ? name : `${name} (${JSON.stringify(value)})`))
    .join(', ');
  return wrapWords(text, columns - INDENT.length).map((line) => INDENT + line);
}

function memberLines(rows: readonly Row[], columns: number): readonly string[] {
  const [first] = rows;
  if (first === undefined) return ['There is no ffmpeg here; it brings some 80 codecs more.'];
  const cells = rows.map(({ codec, extension, refused }) => [
    codec,
    refused === null ? `.${extension}` : '-',
  ]);
  const program = `${first.program} ${first.version}  ${escapeControls(first.path ?? '')}`;
  const lines = table(cells);
  const left = Math.max(...lines.map(displayWidth)) + 2;
  return [
    program,
    ...optionLines(first, columns),
    ...lines.flatMap((line, at) => {
      const refused = rows[at]?.refused ?? null;
      if (refused === null) return [line];
      const why = wrapWords(`cannot be used: ${refused}`, Math.max(20, columns - left));
      return why.map((part, index) => padColumns(index === 0 ? line : '', left) + part);
    }),
  ];
}

function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, at) =>
    Math.max(...rows.map((row) => row[at]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, at) => padColumns(cell, widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
