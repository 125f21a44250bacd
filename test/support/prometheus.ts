import parse from 'parse-prometheus-text-format';

/** A family of metrics, as an independent parser of the text format understands it. */
export interface ParsedFamily {
  readonly name: string;
  readonly help: string;
  readonly type: 'COUNTER' | 'GAUGE' | 'HISTOGRAM' | 'UNTYPED' | 'SUMMARY';
  readonly metrics: readonly {
    readonly value?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly buckets?: Readonly<Record<string, string>>;
    readonly count?: string;
    readonly sum?: string;
  }[];
}

/** Parses what a scrape answered, by name. */
export function parseMetrics(text: string): ReadonlyMap<string, ParsedFamily> {
  const families = parse(text) as readonly ParsedFamily[];
  return new Map(families.map((family) => [family.name, family]));
}

/** The value of a metric with these labels, as a number; NaN where there is none. */
export function valueOf(
  families: ReadonlyMap<string, ParsedFamily>,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number {
  const metric = families
    .get(name)
    ?.metrics.find((one) =>
      Object.entries(labels).every(([key, text]) => one.labels?.[key] === text),
    );
  return Number(metric?.value);
}
