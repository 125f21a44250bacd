import { fileURLToPath } from 'node:url';

/** The command line of the built program. */
export const FLAC2ALL: readonly string[] = [
  process.execPath,
  fileURLToPath(new URL('../../../dist/bin/main.js', import.meta.url)),
];
