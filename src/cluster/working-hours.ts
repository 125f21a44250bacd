import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';

/** A part of each day, in minutes since midnight; it may go over midnight. */
export interface WorkingHours {
  readonly from: number;
  readonly to: number;
}

const DAY = 24 * 60;
const FORM = /^(\d{1,2})(?::(\d{2}))?-(\d{1,2})(?::(\d{2}))?$/;

/** Reads `22-07`, `22:30-6:15`, `12-13,22-07`. The error says what is wrong with it. */
export function parseWorkingHours(text: string): Result<readonly WorkingHours[], string> {
  const parts: WorkingHours[] = [];
  for (const part of text.split(',')) {
    const [, fromHour, fromMinute = '0', toHour, toMinute = '0'] = FORM.exec(part.trim()) ?? [];
    const from = minuteOf(fromHour, fromMinute);
    const to = minuteOf(toHour, toMinute);
    if (from === undefined || to === undefined) {
      return err(`"${part.trim()}" is not like 22-07 or 22:30-06:15`);
    }
    if (from % DAY === to % DAY) {
      return err(`"${part.trim()}" begins and ends at the same time of day`);
    }
    parts.push({ from: from % DAY, to: to % DAY });
  }
  return ok(parts);
}

function minuteOf(hour: string | undefined, minute: string): number | undefined {
  const minutes = Number(hour ?? Number.NaN) * 60 + Number(minute);
  return Number(minute) < 60 && minutes >= 0 && minutes <= DAY ? minutes : undefined;
}

/** Whether it is time to work, at a moment in the local time of this machine. */
export function isWorkingTime(hours: readonly WorkingHours[], nowMs: number): boolean {
  const now = new Date(nowMs);
  const minute = now.getHours() * 60 + now.getMinutes();
  return hours.some(({ from, to }) =>
    from < to ? minute >= from && minute < to : minute >= from || minute < to,
  );
}

/** `22:00-07:00, 12:00-13:00`. */
export function formatWorkingHours(hours: readonly WorkingHours[]): string {
  return hours.map(({ from, to }) => `${clockTime(from)}-${clockTime(to)}`).join(', ');
}

function clockTime(minute: number): string {
  return [Math.floor(minute / 60), minute % 60]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}
