export type ProviderFailureCode = 'AGENT_LOST';
