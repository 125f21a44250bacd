/** `flac2all` with the waiting times of the cluster in TIMING, as JSON: tests cannot wait for as long as people. */
import type { Timing } from '#src/cluster/timing.js';
import { start } from '#src/cli/start.js';

const timing = JSON.parse(process.env['TIMING'] ?? '{}') as Partial<Timing>;

await start(process.argv.slice(2), { timing });
