import type { CommentField } from '../sources/flac-metadata.js';

const GAIN = /^(REPLAYGAIN|R128)_(TRACK|ALBUM)_GAIN$/;

/** Whether a field belongs to ReplayGain or is its counterpart in Opus. */
export function isGain(name: string): boolean {
  return /^(REPLAYGAIN|R128)_/i.test(name);
}

/**
 * Gain as the format knows it. A gain that is no number (`-inf dB` of a silent track, nonsense) is
 * left out everywhere: players take it for silence. All that is written is the field; no audio and no
 * gain in a header is changed.
 */
export function renderGain(
  fields: readonly CommentField[],
  form: 'replaygain' | 'r128',
): readonly CommentField[] {
  const sound = fields.filter(({ name, value }) => {
    const [, kind] = GAIN.exec(name.toUpperCase()) ?? [];
    return (
      kind === undefined || (kind === 'R128' ? stepsOf(value) : decibelsOf(value)) !== undefined
    );
  });
  return form === 'r128' ? withR128(sound) : sound;
}

/** Gains of the source that are not written because they are no numbers. */
export function brokenGains(fields: readonly CommentField[]): readonly CommentField[] {
  return fields.filter((field) => renderGain([field], 'replaygain').length === 0);
}

/**
 * Opus players know gain as R128_*_GAIN only: relative to -23 LUFS, ReplayGain's -18 LUFS less 5 dB,
 * in steps of 1/256 dB (RFC 7845, section 5.2.1). Peaks and reference loudness have no place there.
 */
function withR128(fields: readonly CommentField[]): readonly CommentField[] {
  const taken = new Set<string>();
  const made = fields.flatMap((field) => {
    const name = field.name.toUpperCase();
    if (!name.startsWith('REPLAYGAIN_')) return [field];
    const gain = GAIN.test(name) ? decibelsOf(field.value) : undefined;
    const target = name.replace('REPLAYGAIN', 'R128');
    if (gain === undefined || taken.has(target)) return [];
    taken.add(target);
    return [{ name: target, value: String(inRange(Math.round((gain - 5) * 256))) }];
  });
  return made.filter((field) => !taken.has(field.name.toUpperCase()) || !fields.includes(field));
}

/** 16 bits with a sign. */
function inRange(steps: number): number {
  return Math.max(-32_768, Math.min(32_767, steps));
}

/** `-7.30 dB`, also without the unit and with a comma. */
function decibelsOf(value: string): number | undefined {
  const [, number] = /^\s*([+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+))\s*(?:dB)?\s*$/i.exec(value) ?? [];
  return number === undefined ? undefined : Number(number.replace(',', '.'));
}

function stepsOf(value: string): number | undefined {
  const steps = /^\s*[+-]?\d{1,5}\s*$/.test(value) ? Number(value) : NaN;
  return inRange(steps) === steps ? steps : undefined;
}
