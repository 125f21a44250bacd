const MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

const DURATION = /^(\d{1,6}(?:\.\d{1,3})?)(ms|s|m|h|d)$/;

/** Whether `parseDuration` takes the text. */
export function isDuration(text: string): boolean {
  return DURATION.test(text);
}

/** `500ms`, `2s`, `1.5m`, `1h`, `30d` in milliseconds. The form is the schema's business: throws on others. */
export function parseDuration(text: string): number {
  const [, amount, unit] = DURATION.exec(text) ?? [];
  if (unit === undefined) throw new Error(`not a duration: ${text}`);
  return Math.round(Number(amount) * MS[unit as keyof typeof MS]);
}

/** Below so many deletes the default share says nothing: two of three files are no catastrophe. */
const FEW_FILES = 10;

/** `"20%"` as a share from 0 to 1, a number as a count of files; the default lets a few files pass. */
export function parseMaxDelete(
  value: string | number | undefined,
): { readonly share: number; readonly atLeast: number } | { readonly files: number } {
  if (value === undefined) return { share: 0.2, atLeast: FEW_FILES };
  if (typeof value === 'number') return { files: value };
  return { share: Number.parseFloat(value) / 100, atLeast: 0 };
}
