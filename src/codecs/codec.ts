import type { JsonObject } from '../lib/json.js';

/** A program that must be on PATH, and how people get it. */
export interface Program {
  /** The name of the executable. */
  readonly name: string;
  /** Arguments that make it print its version and exit. */
  readonly versionArgs: readonly string[];
  /** Finds the version in what it prints (stdout and stderr together): group 1; group 2, if any, names the library. */
  readonly versionPattern: RegExp;
  /** The package that holds it, by system. */
  readonly packages: {
    readonly debian: string;
    readonly fedora: string;
    readonly arch: string;
    readonly alpine: string;
    readonly macos: string;
  };
}

/**
 * How the file is wrapped: decides the length check and where tags go. `mpeg`: frames that stand alone,
 * ID3v2 before them; `ape`: APEv2 behind the audio; `bare`: no place for tags.
 */
export type Container =
  | 'ogg-opus'
  | 'ogg-vorbis'
  | 'ogg-speex'
  | 'mp3'
  | 'mp4'
  | 'flac'
  | 'mpeg'
  | 'ape'
  | 'aiff'
  | 'wav'
  | 'asf'
  | 'matroska'
  | 'bare';

/** The PCM that an encoder takes; what is beyond is converted by a stage before it (ffmpeg). */
export interface InputLimits {
  /** The most channels. */
  readonly channels?: number;
  readonly bits?: number;
  /** The only sample rates that it takes, in Hz. */
  readonly sampleRates?: readonly number[];
  /** The only numbers of channels that it takes. */
  readonly channelCounts?: readonly number[];
}

/** How much shorter and longer than its source an output may be, in seconds. */
export interface Tolerance {
  readonly short: number;
  readonly long: number;
}

/** PCM as it reaches the encoder. Sample rate in Hz. */
export interface PcmFormat {
  readonly sampleRate: number;
  readonly channels: number;
  readonly bits: number;
}

/** Validated options with the defaults filled in. */
export type CodecOptions = Readonly<Record<string, string | number | boolean>>;

/** What the arguments of an encoder depend on. */
export interface EncodeRequest {
  readonly options: CodecOptions;
  /** The user's raw arguments, appended last before input and output. */
  readonly args: readonly string[];
  /** Absolute path of the file to write; seekable. */
  readonly output: string;
  /** 32-bit stream serial, never 0 or 0xFFFFFFFF; from audio identity and recipe, never from names. */
  readonly serial: number;
  readonly pcm: PcmFormat;
  /** Of the program that is run, as it says itself; not every one knows every option. */
  readonly version: string;
  /** The WAV header cannot state the length (over 4 GiB, or not known): read to the end of input. */
  readonly endless: boolean;
}

interface CodecBase {
  /** The name that manifests use. */
  readonly name: string;
  /** One line for `--help` and `doctor`. */
  readonly summary: string;
  /** Of the output, without the dot. `undefined`: the source's own. */
  readonly extension: string | undefined;
  /** The one that `argv` is for comes first. */
  readonly programs: readonly [Program, ...Program[]];
  /**
   * JSON Schema (draft-07) of the options: an object schema in which each property has
   * `description`, `default` (where there is one) and `examples`, and `additionalProperties: false`.
   */
  readonly options: JsonObject;
}

/** What an encoder makes, and how. */
interface Encoding {
  readonly container: Container;
  readonly input: InputLimits;
  /** In place of what its container allows. */
  readonly tolerance?: Tolerance;
  /** The encoder inside ffmpeg that must be there; what it takes is asked of ffmpeg itself. */
  readonly ffmpegEncoder?: string;
  /** What ffmpeg must be told to decode the output, where the file does not say it. */
  decodeArgs?(pcm: PcmFormat): readonly string[];
  /** The arguments of `programs[0]`; pure, and in one canonical order. */
  argv(request: EncodeRequest): readonly string[];
}

/** A codec that reads WAV from standard input and writes a file. */
export interface EncoderCodec extends CodecBase, Encoding {
  readonly kind: 'encode';
  /**
   * What option `encoder` can name, in the order in which `auto` takes them. Where the option has no
   * default in the schema, the first is it, and recipes do not name it.
   */
  readonly encoders?: readonly EncoderChoice[];
}

/** One program of several that make the same kind of file; what it leaves out is as in the codec. */
export interface EncoderChoice extends Partial<Encoding>, Pick<CodecBase, 'programs'> {
  /** What option `encoder` calls it. */
  readonly name: string;
  readonly extension?: string;
}

/** The source's own bytes. */
export interface CopyCodec extends CodecBase {
  readonly kind: 'copy';
}

/** A decode check that leaves a report. */
export interface AnalyseCodec extends CodecBase {
  readonly kind: 'analyse';
  /**
   * `source` is a path, or `-` for standard input, of FLAC as such or in Ogg; the report goes to
   * standard output.
   */
  argv(request: { readonly source: string; readonly ogg: boolean }): readonly string[];
}

/** Codecs that are named `FAMILY:MEMBER`, of which there are more than this program knows. */
export interface CodecFamily {
  /** What stands before the colon. */
  readonly name: string;
  /** Other ways to write the name. */
  readonly aliases: readonly string[];
  /** One line for help. */
  readonly summary: string;
  /** As in a codec; the same for all members. */
  readonly options: JsonObject;
  /** The codec of a member, in another of its containers where an extension is given. */
  codec(member: string, extension?: string): EncoderCodec;
  /** The members that are known, whether they are installed or not. */
  readonly members: readonly string[];
  /** Why a member, or that container for it, cannot be had whatever is installed; a sentence part. */
  refusal(member: string, extension?: string): string | undefined;
  /** Options that do nothing for the member. */
  uselessOptions(member: string): readonly string[];
}

/** What makes an output out of a source. */
export type Codec = EncoderCodec | CopyCodec | AnalyseCodec;
