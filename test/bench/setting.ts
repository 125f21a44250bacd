/** A size that can be made smaller for a quick look: `BENCH_SOURCES=1000 npm run bench plan`. */
export function setting(name: string, normal: number): number {
  const text = process.env[`BENCH_${name}`];
  if (text === undefined) return normal;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`BENCH_${name}=${text} is no count`);
  return value;
}
