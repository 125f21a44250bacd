/** Why a master cannot begin. */
export type ClusterFailureCode = 'BIND_FAILED' | 'ENDPOINT_FAILED';
