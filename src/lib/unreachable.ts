/** Closes a switch over a union: fails to compile when a case is missing, throws when data lies. */
export function unreachable(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}
