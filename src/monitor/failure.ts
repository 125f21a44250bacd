/** What can go wrong with showing a run to others, and with looking at one. */
export type MonitorFailureCode = 'METRICS_PORT_FAILED' | 'RUN_LOST';
