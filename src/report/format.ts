const BYTE_UNITS = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `1234567` as `1,234,567`; the same in every locale. */
export function formatCount(count: number): string {
  return String(Math.trunc(count)).replaceAll(/\B(?=(?:\d{3})+$)/gu, ',');
}

/** `1 file`, `1,234 files`. */
export function formatCounted(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`;
}

/** Bytes in binary units with one decimal below 10: `512 B`, `4.2 MiB`, `37 GiB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${Math.trunc(bytes)} B`;
  let value = bytes / 1024;
  let unit = 0;
  while (Math.round(value) >= 1024 && unit < BYTE_UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${oneDecimalBelowTen(value)} ${BYTE_UNITS[unit] ?? ''}`;
}

/** Milliseconds in the two largest units that matter: `0.4s`, `42s`, `12m 03s`, `1h 52m`, `3d 4h`. */
export function formatDuration(ms: number): string {
  if (oneDecimal(ms / SECOND) < 10) return `${oneDecimal(ms / SECOND)}s`;
  const whole = Math.round(ms / SECOND) * SECOND;
  if (whole < MINUTE) return `${whole / SECOND}s`;
  if (whole < HOUR) return twoUnits({ ms: whole, big: MINUTE, small: SECOND, names: ['m', 's'] });
  if (whole < DAY) return twoUnits({ ms: whole, big: HOUR, small: MINUTE, names: ['h', 'm'] });
  return `${formatCount(whole / DAY)}d ${Math.trunc((whole % DAY) / HOUR)}h`;
}

/** Seconds of audio done in a second of wall clock: `0.8x real time`, `42x real time`. */
export function formatRate(audioSecondsPerSecond: number): string {
  return `${oneDecimalBelowTen(audioSecondsPerSecond)}x real time`;
}

interface TwoUnits {
  readonly ms: number;
  readonly big: number;
  readonly small: number;
  readonly names: readonly [big: string, small: string];
}

function twoUnits({ ms, big, small, names }: TwoUnits): string {
  const rest = String(Math.trunc((ms % big) / small)).padStart(2, '0');
  return `${Math.trunc(ms / big)}${names[0]} ${rest}${names[1]}`;
}

function oneDecimalBelowTen(value: number): string {
  const rounded = oneDecimal(value);
  return rounded < 10 ? String(rounded) : formatCount(Math.round(value));
}

function oneDecimal(value: number): number {
  return Math.round(value * 10) / 10;
}
