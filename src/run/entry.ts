import { fileURLToPath } from 'node:url';

/** The program's own entry: an agent is started as `flac2all worker`. */
export const ENTRY: string = fileURLToPath(new URL('../bin/main.js', import.meta.url));
