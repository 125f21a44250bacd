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

/** How the file is wrapped: decides the length check and where tags go. */
export type Container = 'ogg-opus' | 'ogg-vorbis' | 'mp3' | 'mp4' | 'flac';

/** The PCM that an encoder takes; what is beyond is brought down by a conversion stage (ffmpeg). */
export interface InputLimits {
  readonly channels?: number;
  readonly bits?: number;
  readonly sampleRates?: readonly number[];
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

/** A codec that reads WAV from standard input and writes a file. */
export interface EncoderCodec extends CodecBase {
  readonly kind: 'encode';
  readonly container: Container;
  readonly input: InputLimits;
  /** The arguments of `programs[0]`; pure, and in one canonical order. */
  argv(request: EncodeRequest): readonly string[];
}

/** The source's own bytes. */
export interface CopyCodec extends CodecBase {
  readonly kind: 'copy';
}

/** A decode check that leaves a report. */
export interface AnalyseCodec extends CodecBase {
  readonly kind: 'analyse';
  /** `source` is a path, or `-` for standard input; the report goes to standard output. */
  argv(request: { readonly source: string }): readonly string[];
}

/** What makes an output out of a source. */
export type Codec = EncoderCodec | CopyCodec | AnalyseCodec;
