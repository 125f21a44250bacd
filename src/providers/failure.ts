/** Why no agent is kept alive any more, or an engine starts none. */
export type ProviderFailureCode =
  'AGENT_LOST' | 'PROVIDER_MISSING' | 'PROVIDER_FAILED' | 'PROVIDER_TIMEOUT' | 'PILOT_FOLDER';
