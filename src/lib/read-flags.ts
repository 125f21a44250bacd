import { constants } from 'node:fs';

/** Opens for reading, and never blocks on a pipe that has taken the file's name. */
export const READ_FLAGS: number = constants.O_RDONLY | constants.O_NONBLOCK;
