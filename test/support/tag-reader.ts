import {
  File,
  Id3v2CommentsFrame,
  Id3v2TextInformationFrame,
  Id3v2UniqueFileIdentifierFrame,
  Id3v2UnknownFrame,
  Id3v2UrlLinkFrame,
  Id3v2UserTextInformationFrame,
  StringType,
  TagTypes,
} from 'node-taglib-sharp';
import type { Id3v2Frame, Id3v2Tag, Mpeg4AppleTag, XiphComment } from 'node-taglib-sharp';

/** `TIT2=x`, `TXXX:FOO=x`, `©nam=x`, `----:FOO=x`, `TITLE=x`: what an independent reader finds, a line a value. */
export type TagLines = readonly string[];

/** A file's tags as node-taglib-sharp reads them, under the names of the format. */
export function readTagLines(path: string): TagLines {
  const file = File.createFromPath(path);
  try {
    const id3 = file.getTag(TagTypes.Id3v2, false) as Id3v2Tag | undefined;
    if (id3) return id3.frames.flatMap(frameLines);
    const apple = file.getTag(TagTypes.Apple, false) as Mpeg4AppleTag | undefined;
    if (apple) return itemsOf(apple).flatMap(itemLines);
    const xiph = file.getTag(TagTypes.Xiph, false) as XiphComment;
    return xiph.fieldNames.flatMap((name) =>
      xiph.getField(name).map((value) => `${name}=${value}`),
    );
  } finally {
    file.dispose();
  }
}

function frameLines(frame: Id3v2Frame): TagLines {
  const id = frame.frameId.toString();
  if (frame instanceof Id3v2UserTextInformationFrame) {
    return frame.text.map((value) => `TXXX:${frame.description}=${value}`);
  }
  if (frame instanceof Id3v2TextInformationFrame || frame instanceof Id3v2UrlLinkFrame) {
    return frame.text.map((value) => `${id}=${value}`);
  }
  if (frame instanceof Id3v2UniqueFileIdentifierFrame) {
    return [`UFID:${frame.owner}=${frame.identifier.toString(StringType.UTF8)}`];
  }
  if (frame instanceof Id3v2CommentsFrame) return [`${id}=${frame.text}`];
  if (frame instanceof Id3v2UnknownFrame && id.startsWith('MV')) {
    return [`${id}=${decoded(Buffer.from(frame.data.toByteArray()))}`];
  }
  const { text } = frame as { readonly text?: unknown };
  return typeof text === 'string' ? [`${id}=${text}`] : [];
}

/** Text frames that the library does not know: an encoding and the text. */
function decoded(body: Buffer): string {
  const encodings = ['latin1', 'utf16le', 'utf16le', 'utf8'] as const;
  return body.toString(encodings[body.readUInt8(0)], 1).replace('\ufeff', '');
}

/** What all boxes of the library have, and data and names some. */
interface Box {
  readonly boxType: { toString(type: StringType): string };
  readonly children?: readonly Box[];
  readonly text?: string;
  readonly data?: { toByteArray(): Uint8Array };
  readonly flags?: number;
}

function itemsOf(tag: Mpeg4AppleTag): readonly Box[] {
  const { _ilstBox: list } = tag as unknown as { readonly _ilstBox: Box };
  return list.children ?? [];
}

const TEXT = 1;
const INTEGER = 21;

function itemLines(item: Box): TagLines {
  const type = nameOf(item);
  const parts = item.children ?? [];
  const free = parts.find((part) => nameOf(part) === 'name')?.text;
  const name = free === undefined ? type : `${type}:${free}`;
  return parts
    .filter((part) => nameOf(part) === 'data')
    .flatMap((part) => {
      const bytes = Buffer.from(part.data?.toByteArray() ?? []);
      if (part.flags === TEXT) return [`${name}=${bytes.toString('utf8')}`];
      if (part.flags === INTEGER) return [`${name}=${bytes.readUIntBE(0, bytes.length)}`];
      const isPosition = type === 'trkn' || type === 'disk';
      return isPosition ? [`${name}=${bytes.readUInt16BE(2)}/${bytes.readUInt16BE(4)}`] : [];
    });
}

function nameOf(box: Box): string {
  return box.boxType.toString(StringType.Latin1);
}
