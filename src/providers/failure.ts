/** Why no agent is kept alive any more. */
export type ProviderFailureCode = 'AGENT_LOST';
