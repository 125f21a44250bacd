/** Preloaded into measured Node processes: each leaves its largest resident set, in kilobytes. */
import { appendFileSync } from 'node:fs';

process.on('exit', () => {
  const file = process.env['BENCH_PEAKS'];
  if (file !== undefined) appendFileSync(file, `${process.resourceUsage().maxRSS}\n`);
});
