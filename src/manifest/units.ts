const MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** `500ms`, `2s`, `1.5m`, `1h` in milliseconds. The form is the schema's business: throws on others. */
export function parseDuration(text: string): number {
  const [, amount, unit] = /^([\d.]+)(ms|s|m|h)$/.exec(text) ?? [];
  if (unit === undefined) throw new Error(`not a duration: ${text}`);
  return Math.round(Number(amount) * MS[unit as keyof typeof MS]);
}

/** `"20%"` as a share from 0 to 1, a number as a count of files. */
export function parseMaxDelete(
  value: string | number,
): { readonly share: number } | { readonly files: number } {
  return typeof value === 'number' ? { files: value } : { share: Number.parseFloat(value) / 100 };
}
