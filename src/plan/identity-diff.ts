import type { AudioId, TagId } from '../sources/identity.js';
import type { Reason } from './action.js';

const AUDIO_PARTS = ['samples', 'sample rate', 'channels', 'bits per sample'] as const;
const TAG_PARTS: Readonly<Record<string, string>> = {
  v: 'fields',
  p: 'pictures',
  c: 'cue sheet',
  f: 'pictures',
};

/** Why the audio is another: what STREAMINFO says now and said then, or the checksums. */
export function audioReason(old: AudioId, now: AudioId): Reason {
  return {
    code: 'audio-changed',
    text: `source audio changed: ${audioText(old, now)}`,
    old,
    new: now,
  };
}

function audioText(old: AudioId, now: AudioId): string {
  const before = streamParts(old);
  const after = streamParts(now);
  if (before === undefined || after === undefined) return `${short(old)} -> ${short(now)}`;
  const differing = AUDIO_PARTS.flatMap((name, at) =>
    before[at + 1] === after[at + 1] ? [] : [`${name} ${before[at + 1]} -> ${after[at + 1]}`],
  );
  if (differing.length > 0) return differing.join(', ');
  return `MD5 ${before[0]?.slice(0, 8)}... -> ${after[0]?.slice(0, 8)}...`;
}

function streamParts(id: AudioId): readonly string[] | undefined {
  return id.startsWith('flac:') ? id.slice('flac:'.length).split('/') : undefined;
}

function short(id: AudioId): string {
  const [kind, rest = ''] = id.split(':');
  return `${kind} ${rest.slice(0, 8)}...`;
}

/** Which kinds of tags are others: `tags changed: fields, pictures`. */
export function tagReason(old: TagId, now: TagId): Reason {
  const before = tagParts(old);
  const after = tagParts(now);
  const names = [...new Set([...before.keys(), ...after.keys()])]
    .filter((key) => before.get(key) !== after.get(key))
    .map((key) => TAG_PARTS[key] ?? key);
  const text = `tags changed: ${[...new Set(names)].join(', ')}`;
  return { code: 'tags-changed', text, old, new: now };
}

function tagParts(id: TagId): ReadonlyMap<string, string> {
  return new Map(
    id
      .split(',')
      .map((part) => [part.slice(0, part.indexOf(':')), part.slice(part.indexOf(':') + 1)]),
  );
}
