export type ClusterFailureCode = 'BIND_FAILED' | 'ENDPOINT_FAILED';
