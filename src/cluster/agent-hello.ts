import type { AgentSessionOptions } from './agent-session.js';
import { proveKey } from './key-proof.js';
import type { Header } from './protocol.js';
import { PROTOCOL } from './protocol.js';

/** What an agent says of itself when it comes, or comes back. */
export function helloOf(
  options: AgentSessionOptions,
  now: { readonly resting: string | undefined; readonly held: Header<'HELLO'>['held'] },
): Header<'HELLO'> {
  const { session, name, pilot, slots, capabilities, version, rules, key } = options;
  return {
    session,
    name,
    slots,
    capabilities,
    version,
    pid: process.pid,
    protocol: PROTOCOL,
    rawArgs: rules.rawArgs,
    ...(now.resting === undefined ? {} : { resting: now.resting }),
    ...(pilot === undefined ? {} : { pilot }),
    ...(key === undefined ? {} : { proof: proveKey(key, session) }),
    held: now.held,
  };
}
