import { join, relative, resolve } from 'node:path';
import { familyMember } from '../../codecs/codecs.js';
import { literalPattern } from '../../lib/glob.js';
import type { AbsolutePath } from '../../lib/brand.js';
import type { Failure } from '../../lib/failure.js';
import { isWithin } from '../../lib/path-within.js';
import { realPath } from '../../lib/real-path.js';
import type { Result } from '../../lib/result.js';
import { err, ok } from '../../lib/result.js';
import { loadDocument } from '../../manifest/load.js';
import type { LoadOptions } from '../../manifest/load.js';
import type { Manifest } from '../../manifest/manifest.js';
import type { Limits, ManifestFile, Output } from '../../manifest/manifest-file.gen.js';
import type { JsonPath } from '../../manifest/parse.js';
import { DEFAULT_EXCLUDE } from '../../manifest/resolve-sources.js';
import { KEPT_MANIFEST } from '../session.js';
import { placeOfPositional, placeOfValue } from './arguments.js';
import { CommandText } from './command-text.js';
import type { ArgumentSpan } from './command-text.js';
import type { EncoderWish, OptionProblem, Span } from './encoder-wish.js';
import { readLameOptions } from './lame-options.js';
import type { Mode } from './modes.js';
import { readOpusOptions, readVorbisOptions } from './ogg-options.js';
import type { ClassicValues } from './options.js';
import { readAacplusOptions, readFfmpegOptions, readFlacOptions } from './other-options.js';

/** What opusenc takes of itself for stereo, in kbit/s; our codec's own default is another. */
const OPUS_KBITS = 96;

/** A command line whose words are known. */
export interface ClassicRequest {
  readonly argv: readonly string[];
  /** The modes as the user wrote them. */
  readonly list: string;
  readonly modes: readonly Mode[];
  readonly values: ClassicValues;
  /** As the user wrote it. */
  readonly input: string;
  readonly cwd: string;
}

type EncoderOption =
  | 'lame-options'
  | 'vorbis-options'
  | 'opus-options'
  | 'flac-options'
  | 'aacplus-options'
  | 'ffmpeg-options';
type Reader = (text: string) => Result<EncoderWish, OptionProblem>;

/** Which option string is about which codec. */
const READERS: Readonly<Record<string, readonly [EncoderOption, Reader]>> = {
  mp3: ['lame-options', readLameOptions],
  vorbis: ['vorbis-options', readVorbisOptions],
  opus: ['opus-options', readOpusOptions],
  flac: ['flac-options', readFlacOptions],
  aacplus: ['aacplus-options', readAacplusOptions],
};
const FFMPEG_READER: readonly [EncoderOption, Reader] = ['ffmpeg-options', readFfmpegOptions];

interface Wished {
  readonly output: Output;
  readonly option: EncoderOption | undefined;
  readonly places: ReadonlyMap<string, Span>;
}

/** What a classic command line stands for. */
export interface ClassicManifest {
  readonly manifest: Manifest;
  /** The same as a file says it; what is of one run alone (`--force`) is not in it. */
  readonly content: ManifestFile;
}

/**
 * The manifest that a classic command line stands for, with its ledger in the output folder. What
 * cannot be understood is told with its place in the command line.
 */
export async function toManifest(
  request: ClassicRequest,
  options: LoadOptions = {},
): Promise<Result<ClassicManifest, readonly Failure[]>> {
  const text = new CommandText(request.argv);
  const outdir = resolve(request.cwd, request.values.outdir);
  const wished: Wished[] = [];
  for (const [index, mode] of request.modes.entries()) {
    const one = wishOf(mode, { request, outdir, isFirst: index === 0 });
    if (!one.ok) return err([located(one.error, request, text)]);
    wished.push(one.value);
  }
  const content = contentOf(request, outdir, wished);
  const document = {
    file: 'command line',
    value: content,
    locate: (path: JsonPath) => text.locate(spanOf(path, wished, request)),
  };
  const loaded = await loadDocument(document, join(outdir, KEPT_MANIFEST), options);
  if (!loaded.ok) return err(loaded.error.map(asUsage));
  const { policy } = loaded.value;
  const onDrift = request.values.force ? 'repair' : policy.onDrift;
  return ok({ manifest: { ...loaded.value, policy: { ...policy, onDrift } }, content });
}

interface WishContext {
  readonly request: ClassicRequest;
  readonly outdir: string;
  readonly isFirst: boolean;
}

type Misread = OptionProblem & { readonly option: EncoderOption };

function wishOf(mode: Mode, context: WishContext): Result<Wished, Misread> {
  const { values } = context.request;
  const found = familyMember(mode.codec);
  const reader = found === undefined ? READERS[mode.codec] : FFMPEG_READER;
  const bare: Output = { codec: mode.codec, ...folderOf(mode, context) };
  if (reader === undefined) return ok({ output: bare, option: undefined, places: new Map() });
  const [option, read] = reader;
  const wish = read(values[option]);
  if (!wish.ok) return err({ ...wish.error, option });
  const { args, limits, places } = wish.value;
  const useless = found?.family.uselessOptions(found.member) ?? [];
  const asked = {
    ...(mode.codec === 'opus' ? { bitrate: OPUS_KBITS } : {}),
    ...wish.value.options,
  };
  const heeded = Object.entries(asked).filter(([name]) => !useless.includes(name));
  // Which values there are is for the schema to say.
  const limit = Object.keys(limits).length === 0 ? {} : { limits: { ...limits } as Limits };
  const output: Output = {
    ...bare,
    ...(mode.extension === undefined ? {} : { extension: mode.extension }),
    options: Object.fromEntries(heeded),
    ...(args.length === 0 ? {} : { args: [...args] }),
    ...limit,
  };
  return ok({ output, option, places });
}

/** A folder a mode; with `-n m` none for the mode, with `-n d` no folders at all. */
function folderOf(
  mode: Mode,
  { request: { values }, outdir, isFirst }: WishContext,
): Pick<Output, 'to' | 'layout' | 'copy'> {
  const { nodirs, copy } = values;
  const folder = nodirs === undefined ? join(outdir, mode.name) : outdir;
  const copies = copy && (nodirs === undefined || isFirst);
  return {
    to: folder.replaceAll('{', '{{').replaceAll('}', '}}'),
    ...(nodirs === 'd' ? { layout: 'flat' } : {}),
    ...(copies ? { copy: ['**/*'] } : {}),
  };
}

function contentOf(
  { values, input, cwd, modes }: ClassicRequest,
  outdir: string,
  wished: readonly Wished[],
): ManifestFile {
  const path = resolve(cwd, input) as AbsolutePath;
  const own = ownFiles(outdir, modes, values);
  const inside = new Set([...below(path, own), ...below(realPath(path), own.map(realPath))]);
  const exclude = [...inside].flatMap((rel) => {
    const pattern = literalPattern(rel);
    return [pattern, `${pattern}/**`];
  });
  return {
    version: 1,
    source: {
      path,
      ...(exclude.length === 0 ? {} : { exclude: [...DEFAULT_EXCLUDE, ...exclude] }),
    },
    outputs: wished.map(({ output }) => output) as ManifestFile['outputs'],
  };
}

/** Those files that lie below a folder, relative to it. */
function below(folder: string, files: readonly string[]): readonly string[] {
  return files
    .filter((file) => isWithin(file, folder) && file !== folder)
    .map((file) => relative(folder, file));
}

/** What a run writes, and no run takes for a source. */
function ownFiles(
  outdir: string,
  modes: readonly Mode[],
  { nodirs }: ClassicValues,
): readonly AbsolutePath[] {
  const folders = nodirs === undefined ? modes.map(({ name }) => join(outdir, name)) : [outdir];
  const beside = [KEPT_MANIFEST, '.flac2all', 'conversion_results.log'];
  return [...folders, ...beside.map((name) => join(outdir, name))] as AbsolutePath[];
}

function located(problem: Misread, { argv, values }: ClassicRequest, text: CommandText): Failure {
  const { option, message, hint } = problem;
  const value = placeOfValue(argv, option);
  const shown = `--${option}="${values[option]}": ${message}`;
  const location = value === undefined ? undefined : text.locate(within(value, problem));
  return { code: 'USAGE', message: shown, hint, ...(location === undefined ? {} : { location }) };
}

function within(value: ArgumentSpan, { offset, length }: Span): ArgumentSpan {
  return { ...value, offset: value.offset + offset, length: Math.max(1, length) };
}

/** Which part of the command line a part of the manifest comes from. */
function spanOf(
  path: JsonPath,
  wished: readonly Wished[],
  request: ClassicRequest,
): ArgumentSpan | undefined {
  const { argv, input } = request;
  const [top, index, ...rest] = path;
  if (top === 'source') return placeOfPositional(argv, input);
  const one = top === 'outputs' ? wished[Number(index)] : undefined;
  if (one === undefined) return undefined;
  if (rest[0] === 'codec') return placeOfMode(request, Number(index));
  if (rest[0] === 'to') return placeOfValue(argv, 'nodirs') ?? placeOfValue(argv, 'outdir');
  const value = one.option === undefined ? undefined : placeOfValue(argv, one.option);
  const key = rest[0] === 'args' ? 'args' : rest.slice(0, 2).join('.');
  const place = one.places.get(key);
  return value === undefined || place === undefined ? value : within(value, place);
}

function placeOfMode(
  { argv, list, modes }: ClassicRequest,
  index: number,
): ArgumentSpan | undefined {
  const place = placeOfPositional(argv, list);
  const name = modes[index]?.name ?? '';
  const offset = list.toLowerCase().indexOf(name);
  return place && offset !== -1 ? { ...place, offset, length: name.length } : place;
}

/** All that is wrong with such a manifest is in the command line. */
function asUsage({ code, message, location, hint }: Failure): Failure {
  const ways = code === 'MANIFEST_OVERLAP' ? 'name another folder with -o, or leave -n away' : hint;
  return {
    code: 'USAGE',
    message,
    ...(location === undefined ? {} : { location }),
    ...(ways === undefined ? {} : { hint: ways }),
  };
}
