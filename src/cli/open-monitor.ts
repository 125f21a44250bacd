import type { Clock } from '../lib/clock.js';
import type { Failure } from '../lib/failure.js';
import type { Result } from '../lib/result.js';
import { ok } from '../lib/result.js';
import { Monitor } from '../monitor/monitor.js';
import type { RunEvent } from '../report/event.js';
import { VERSION } from '../run/version.js';

/** What shows a run to other processes; its metrics too, where a port is given. */
export async function openMonitor(
  port: number | undefined,
  to: { readonly clock: Clock; readonly emit: (event: RunEvent) => void },
): Promise<Result<Monitor, Failure>> {
  const monitor = new Monitor({ ...to, version: VERSION });
  if (port === undefined) return ok(monitor);
  const served = await monitor.serveMetrics(port);
  return served.ok ? ok(monitor) : served;
}
