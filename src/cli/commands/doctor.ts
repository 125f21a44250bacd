import { codecs } from '../../codecs/registry.gen.js';
import type { Program } from '../../codecs/codec.js';
import { optionDefaults } from '../../codecs/codecs.js';
import type { JsonObject } from '../../lib/json.js';
import { escapeControls, padColumns } from '../../report/text.js';
import { VERSION } from '../../run/version.js';
import { probePrograms } from '../../task/probe.js';
import type { ProbedProgram } from '../../task/probe.js';
import { ffmpegProgram, flacProgram } from '../../codecs/programs.js';
import type { CommandBody } from '../command.js';
import { defineCommand } from '../command.js';
import { OUTPUT_OPTIONS } from '../common-options.js';
import { EXIT } from '../exit-code.js';
import { Session } from '../session.js';

export const doctor: CommandBody = defineCommand({
  usage: ['doctor [options]'],
  description: [
    'Runs every program that a codec needs, and lists version and path; for what is missing, the command that installs it on Debian, Fedora, Arch, Alpine and macOS. Exits with 1 when flac itself is missing: nothing works without it.',
  ],
  options: { ...OUTPUT_OPTIONS },
  examples: [
    { command: 'flac2all doctor', what: 'what is here and what is missing' },
    { command: 'flac2all doctor --json', what: 'the same for programs' },
  ],
  async run({ values }, context) {
    const session = await Session.begin(values, context);
    const programs = neededPrograms();
    const found = await probePrograms(programs.map(({ program }) => program));
    session.emit({
      type: 'answer',
      kind: 'doctor',
      text: doctorText(programs, found),
      data: doctorData(programs, found),
      isBad: !found.has(flacProgram.name),
    });
    return session.end(found.has(flacProgram.name) ? EXIT.ok : EXIT.error);
  },
});

interface Needed {
  readonly program: Program;
  readonly uses: readonly string[];
  /** Another program does the same, so nobody has to have it. */
  readonly isOneOfSeveral: boolean;
}

/** Every program once, with what it is for. */
function neededPrograms(): readonly Needed[] {
  const uses = new Map<string, { program: Program; uses: string[]; isOneOfSeveral: boolean }>();
  const add = (program: Program, use: string, isOneOfSeveral = false): void => {
    const known = uses.get(program.name) ?? { program, uses: [], isOneOfSeveral };
    if (!known.uses.includes(use)) known.uses.push(use);
    uses.set(program.name, known);
  };
  add(flacProgram, 'decodes every source');
  add(ffmpegProgram, 'resampling and downmix');
  for (const codec of codecs) {
    const choices = (codec.kind === 'encode' && codec.encoders) || [codec];
    const isAuto = optionDefaults(codec)['encoder'] === 'auto';
    for (const program of choices.flatMap(({ programs }) => programs)) {
      // What flac is for has been said, and that says it all.
      if (program.name !== flacProgram.name) add(program, `codec ${codec.name}`, isAuto);
    }
  }
  return [...uses.values()];
}

type Found = ReadonlyMap<string, ProbedProgram>;

function doctorText(programs: readonly Needed[], found: Found): string {
  const name = Math.max(...programs.map(({ program }) => program.name.length));
  const lines = programs.map(({ program, uses, isOneOfSeveral }) => {
    const probed = found.get(program.name);
    const absent = isOneOfSeveral ? 'not here, optional' : 'missing';
    const state = probed === undefined ? absent : `${probed.version}  ${probed.path}`;
    return `  ${padColumns(program.name, name)}  ${escapeControls(state)}\n  ${' '.repeat(name)}  ${uses.join(', ')}`;
  });
  const lacking = programs.filter(({ program }) => !found.has(program.name));
  const needed = lacking.filter(({ isOneOfSeveral }) => !isOneOfSeveral);
  const optional = lacking.filter(({ isOneOfSeveral }) => isOneOfSeveral);
  return [
    `flac2all ${VERSION}, Node.js ${process.versions.node}, ${process.platform} ${process.arch}`,
    '',
    ...lines,
    '',
    ...(installLines('To install what is missing:', needed) ?? ['Nothing is missing.']),
    ...(installLines('\nTo install what is optional, where a manifest asks for it:', optional) ??
      []),
    '',
  ].join('\n');
}

const SYSTEMS: readonly (readonly [string, keyof Program['packages'], string])[] = [
  ['Debian, Ubuntu', 'debian', 'sudo apt-get install'],
  ['Fedora', 'fedora', 'sudo dnf install'],
  ['Arch', 'arch', 'sudo pacman -S'],
  ['Alpine', 'alpine', 'sudo apk add'],
  ['macOS', 'macos', 'brew install'],
];

/** How programs are installed, by system; `undefined` where there is none to install. */
function installLines(heading: string, programs: readonly Needed[]): readonly string[] | undefined {
  if (programs.length === 0) return undefined;
  const width = Math.max(...SYSTEMS.map(([title]) => title.length));
  const lines = SYSTEMS.map(([title, key, command]) => {
    const packages = [...new Set(programs.map(({ program }) => program.packages[key]))];
    return `  ${padColumns(title, width)}  ${command} ${packages.join(' ')}`;
  });
  return [heading, ...lines];
}

function doctorData(programs: readonly Needed[], found: Found): JsonObject {
  return {
    version: VERSION,
    node: process.versions.node,
    programs: programs.map(({ program, uses }) => {
      const probed = found.get(program.name);
      return {
        name: program.name,
        uses,
        version: probed?.version ?? null,
        path: probed?.path ?? null,
        packages: { ...program.packages },
      };
    }),
  };
}
