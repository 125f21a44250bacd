import { fileURLToPath } from 'node:url';

/** The examples as they ship. */
export const examples: string = fileURLToPath(new URL('../../../examples/', import.meta.url));

/** Five tracks of real length in two albums, with covers. */
export const quickstartMusic: string = `${examples}quickstart/Lossless`;
