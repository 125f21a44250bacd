/*
 * The text format of Prometheus, version 0.0.4: HELP, TYPE, then the samples of the family, each on
 * a line. https://prometheus.io/docs/instrumenting/exposition_formats/
 */

/** What `Content-Type` has to say of it. */
export const EXPOSITION_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** One value of a family. */
export interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A metric with all its values; a family without values is left out. */
export interface Family {
  readonly name: string;
  /** One sentence, which names the unit where the name cannot. */
  readonly help: string;
  readonly type: 'counter' | 'gauge';
  readonly samples: readonly Sample[];
}

/** Counts of durations up to a bound, each bound with all below it. */
export interface HistogramFamily {
  readonly name: string;
  readonly help: string;
  readonly type: 'histogram';
  readonly buckets: readonly { readonly upTo: number; readonly count: number }[];
  readonly sum: number;
  readonly count: number;
}

/** The whole answer to a scrape. */
export function expositionText(families: readonly (Family | HistogramFamily)[]): string {
  return families.map((family) => linesOf(family).join('')).join('');
}

function linesOf(family: Family | HistogramFamily): readonly string[] {
  const samples = family.type === 'histogram' ? histogramLines(family) : plainLines(family);
  if (samples.length === 0) return [];
  const { name, help, type } = family;
  return [`# HELP ${name} ${escapeHelp(help)}\n`, `# TYPE ${name} ${type}\n`, ...samples];
}

function plainLines({ name, samples }: Family): readonly string[] {
  return samples.map(({ labels = {}, value }) => sampleLine(name, labels, value));
}

function histogramLines({ name, buckets, sum, count }: HistogramFamily): readonly string[] {
  return [
    ...buckets.map((bucket) =>
      sampleLine(`${name}_bucket`, { le: numberText(bucket.upTo) }, bucket.count),
    ),
    sampleLine(`${name}_bucket`, { le: '+Inf' }, count),
    sampleLine(`${name}_sum`, {}, sum),
    sampleLine(`${name}_count`, {}, count),
  ];
}

function sampleLine(name: string, labels: Readonly<Record<string, string>>, value: number): string {
  const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escapeLabel(text)}"`);
  const set = pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
  return `${name}${set} ${numberText(value)}\n`;
}

function numberText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', String.raw`\\`).replaceAll('\n', String.raw`\n`);
}

function escapeLabel(text: string): string {
  return escapeHelp(text).replaceAll('"', String.raw`\"`);
}
