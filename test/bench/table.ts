/** A table of text, its first row the heading. Numbers are already written out. */
export function printTable(title: string, rows: readonly (readonly string[])[]): void {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const lines = rows.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column === 0 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ')
      .trimEnd(),
  );
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  const [heading = '', ...body] = lines;
  console.log(`\n${title}\n${[heading, rule, ...body].join('\n')}`);
}

/** `1.234 s`, `12.3 ms`. */
export function formatMs(ms: number): string {
  return ms >= 1000 ? `${(ms / 1000).toFixed(2)} s` : `${ms.toFixed(1)} ms`;
}

/** `1.03x`. */
export function formatRatio(value: number, floor: number): string {
  return floor > 0 ? `${(value / floor).toFixed(2)}x` : '-';
}

/** `12,345 /s`. */
export function formatRate(count: number, ms: number): string {
  return `${Math.round((count / ms) * 1000).toLocaleString('en')} /s`;
}

/** `123 MB`; `-` where nothing was measured. */
export function formatMb(mb: number): string {
  return mb === 0 ? '-' : `${Math.round(mb)} MB`;
}
