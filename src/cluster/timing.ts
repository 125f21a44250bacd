/** All waiting times of the protocol, in milliseconds. */
export interface Timing {
  /** Shortest interval of heartbeats; grows with the fleet. */
  readonly heartbeatMs: number;
  readonly maxHeartbeatMs: number;
  /** After three missed heartbeats an agent has so long to speak before its tasks go to others. */
  readonly graceMs: number;
  /** How long an agent whose connection broke may take to come back. */
  readonly reconnectMs: number;
  /** An attempt that its agent does not mention for so long is lent to another. */
  readonly leaseMs: number;
  /** How long agents of an interrupted run may take to say what they still hold of it. */
  readonly adoptionMs: number;
  /** Between two looks at the deadlines. */
  readonly tickMs: number;
  /** A tick that comes so late means that the master itself stood still. */
  readonly clockGapMs: number;
  /** So long after its master's last word an agent cleans up and leaves. */
  readonly orphanMs: number;
  /** An encoder that adds nothing to its output for so long hangs. */
  readonly stallMs: number;
  /** How long tasks that no agent here can do wait for one that can, when nothing else is left. */
  readonly stuckMs: number;
  /** How long an agent may take to look at the folders that it is asked for. */
  readonly probeMs: number;
  /** How long cancelled attempts and leaving agents are waited for. */
  readonly farewellMs: number;
}

/** For a master and agents on a local network. */
export const DEFAULT_TIMING: Timing = {
  heartbeatMs: 1000,
  maxHeartbeatMs: 30_000,
  graceMs: 5000,
  reconnectMs: 800,
  leaseMs: 60_000,
  adoptionMs: 2500,
  tickMs: 250,
  clockGapMs: 2000,
  orphanMs: 600_000,
  stallMs: 300_000,
  stuckMs: 60_000,
  probeMs: 30_000,
  farewellMs: 5000,
};

/** One heartbeat a second from few agents, fewer from many: the master hears about 200 a second at most. */
export function heartbeatInterval(agents: number, timing: Timing): number {
  const wanted = Math.ceil((agents / 200) * 1000);
  return Math.max(timing.heartbeatMs, Math.min(timing.maxHeartbeatMs, wanted));
}
