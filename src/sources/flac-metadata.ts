/**
 * What the metadata blocks of a FLAC stream say (RFC 9639, section 8), read by our own reader: text
 * output of tools breaks on multi-line values and on locales.
 */
export interface FlacMetadata {
  readonly streamInfo: StreamInfo;
  /** Of VORBIS_COMMENT, in file order; empty where there is none. */
  readonly comments: readonly CommentField[];
  readonly pictures: readonly Picture[];
  /** The raw CUESHEET block, where there is one. */
  readonly cueSheet: Uint8Array | undefined;
  /** Bytes of ID3v2 in front of the `fLaC` marker. */
  readonly id3v2Bytes: number;
}

/** What STREAMINFO says. Sample rate in Hz. */
export interface StreamInfo {
  readonly sampleRate: number;
  readonly channels: number;
  readonly bits: number;
  /** Sample frames; 0: unknown. */
  readonly samples: number;
  /** 32 hexadecimal digits; all zero: not set. */
  readonly md5: string;
}

/** `name` as it is spelled in the file; field names compare without case. */
export interface CommentField {
  readonly name: string;
  readonly value: string;
}

/** What a PICTURE block holds. Width and height in pixels. */
export interface Picture {
  /** 0-20 as in ID3v2's APIC: 3 is the front cover. */
  readonly type: number;
  readonly mime: string;
  readonly description: string;
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colors: number;
  readonly data: Uint8Array;
}
