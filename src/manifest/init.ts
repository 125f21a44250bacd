import { basename, dirname, isAbsolute, relative } from 'node:path';
import type { Codec } from '../codecs/codec.js';
import { findCodec } from '../codecs/codecs.js';

/** What `init` found out about the folder. */
export interface InitFacts {
  /** Where the manifest will stand; absolute. */
  readonly directory: string;
  /** The folder with the FLAC files; absolute. */
  readonly source: string;
  readonly trackCount: number;
  /** Names of the codecs whose programs are here. */
  readonly codecs: readonly string[];
  /** File names of covers beside the FLAC files: `cover.jpg`. */
  readonly coverNames: readonly string[];
  /** Address or path of the JSON Schema for editors. */
  readonly schema?: string;
}

/** The codecs offered, the one to begin with first. */
const OFFERED = ['opus', 'vorbis', 'mp3', 'aac', 'flac'];

/** The text of a manifest to start from: valid as it is, with comments that show what else there is. */
export function initialManifest(facts: InitFacts): string {
  const offered = OFFERED.flatMap((name) => findCodec(name) ?? []);
  const live = offered.find((codec) => facts.codecs.includes(codec.name)) ?? offered[0];
  return [
    ...head(facts),
    ...sourceLines(facts),
    ...profileLines(offered, live, facts.codecs),
    ...outputLines(facts, live?.name ?? 'opus'),
    ...policyLines(),
  ].join('\n');
}

function head({ schema }: InitFacts): readonly string[] {
  return [
    ...(schema === undefined ? [] : [`# yaml-language-server: $schema=${schema}`]),
    '# What flac2all keeps, and how. "flac2all plan" shows what would be done; it changes nothing.',
    '# "flac2all apply" does it. Relative paths begin in the folder of this file.',
    'version: 1',
    '',
  ];
}

function sourceLines({ trackCount, directory, source }: InitFacts): readonly string[] {
  const tracks = trackCount === 1 ? '1 FLAC file' : `${trackCount} FLAC files`;
  const found = trackCount === 0 ? 'No FLAC files found here yet.' : `${tracks} found here.`;
  return [
    `# The FLAC files: read, never written. ${found}`,
    `source: ${quote(shownPath(directory, source))}`,
    '# With more to say of it:',
    '# source:',
    `#   path: ${quote(shownPath(directory, source))}`,
    '#   exclude: ["**/_incoming/**"]',
    '#   sentinel: .music-root   # stop when this file is gone: the disk is not mounted',
    '',
  ];
}

function profileLines(
  offered: readonly Codec[],
  live: Codec | undefined,
  present: readonly string[],
): readonly string[] {
  const lines = offered.map((codec) => {
    const options = flowOptions(codec);
    const prefix = codec === live ? '  ' : '  # ';
    const [program] = codec.programs;
    const missing =
      present.includes(codec.name) || program === undefined
        ? ''
        : `   # needs ${program.name}: install ${program.packages.debian}`;
    return `${prefix}${codec.name}: { codec: ${codec.name}${options} }${missing}`;
  });
  return [
    '# Forms to convert to. Take away the "#" of those that you want.',
    'profiles:',
    ...lines,
    '',
  ];
}

/** The first option that has a default: the one that people change. */
function flowOptions({ options }: Codec): string {
  const rules = options['properties'] as Readonly<Record<string, { default?: unknown }>>;
  const found = Object.entries(rules).find(([, rule]) => typeof rule.default === 'number');
  return found === undefined ? '' : `, options: { ${found[0]}: ${String(found[1].default)} }`;
}

function outputLines(facts: InitFacts, codec: string): readonly string[] {
  const { coverNames } = facts;
  const covers = coverNames.length === 0 ? ['cover.jpg'] : coverNames;
  const patterns = covers.map((name) => quote(`**/${escapePattern(name)}`)).join(', ');
  const { to, why } = outputFolder(facts);
  return [
    ...why.map((line) => `# ${line}`),
    'outputs:',
    `  - profile: ${codec}`,
    `    to: ${quote(to)}`,
    `    ${coverNames.length === 0 ? '# ' : ''}copy: [${patterns}]   # copied as they are`,
    '    # prune: true       # delete outputs whose source is gone; only what flac2all made itself',
    '    # names: fat32      # for USB sticks and players that refuse ":" or "?"',
    '    # layout: "{albumartist}/{album}/{track} {title}"',
    '',
  ];
}

/** A sibling of the source: an output inside it would be scanned as a part of it. */
function outputFolder({ directory, source }: InitFacts): {
  readonly to: string;
  readonly why: readonly string[];
} {
  const parent = dirname(source);
  const name = basename(source).replaceAll(/[{}]/g, '$&$&');
  const sibling = shownPath(directory, parent).replaceAll(/[{}]/g, '$&$&');
  return {
    to: `${sibling === '/' ? '' : sibling}/${name}-{profile}`,
    why: [
      'Where the converted files go: beside the source, never inside it.',
      '{profile} stands for the name of the profile.',
    ],
  };
}

function policyLines(): readonly string[] {
  return [
    '# policy:',
    '#   maxDelete: "20%"    # a run that would delete more does nothing at all',
    '#   onDrift: report     # outputs changed by others; or repair: make them again, accept: keep them',
    '',
  ];
}

/** Relative where it stays short: inside the manifest's folder or right beside it. */
function shownPath(directory: string, path: string): string {
  const way = relative(directory, path);
  if (way === '') return '.';
  if (way === '..') return '..';
  return way.startsWith('../') || isAbsolute(way) ? path : `./${way}`;
}

/** A JSON string is a YAML string whatever is in it. */
function quote(text: string): string {
  return JSON.stringify(text);
}

function escapePattern(name: string): string {
  return name.replaceAll(/[\\()[\]{}!*?@+|]/g, '\\$&');
}
