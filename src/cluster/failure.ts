/** Why a master or a worker cannot begin. */
export type ClusterFailureCode =
  | 'BIND_FAILED'
  | 'ENDPOINT_FAILED'
  | 'KEY_MISSING'
  | 'KEY_UNREADABLE'
  | 'KEY_UNSAFE'
  | 'KEY_NOT_MASTER'
  | 'KEY_UNWRITABLE'
  | 'KEY_NAME_TAKEN'
  | 'KEY_NAME_UNKNOWN'
  | 'DOOR_OPEN';
