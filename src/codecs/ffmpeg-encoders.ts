import { execFile } from 'node:child_process';

/** Long, because machines that encode are busy. */
const TIMEOUT_MS = 120_000;
const MAX_BYTES = 1024 * 1024;

/** Runs ffmpeg for what it says of itself; `undefined` when it cannot be run. */
export function askFfmpeg(path: string, args: readonly string[]): Promise<string | undefined> {
  const options = {
    timeout: TIMEOUT_MS,
    maxBuffer: MAX_BYTES,
    env: { ...process.env, LC_ALL: 'C' },
  };
  return new Promise((resolve) => {
    execFile(path, ['-nostdin', '-hide_banner', ...args], options, (error, stdout) => {
      resolve(error === null ? stdout : undefined);
    });
  });
}

/** The names of the audio encoders that an ffmpeg has, sorted; `undefined` when it cannot be run. */
export async function listFfmpegEncoders(path: string): Promise<readonly string[] | undefined> {
  const text = await askFfmpeg(path, ['-encoders']);
  return text === undefined ? undefined : parseEncoders(text);
}

/** Reads the table of `ffmpeg -encoders`: flags, the first of which is the kind, and a name. */
export function parseEncoders(text: string): readonly string[] {
  const rows = text.matchAll(/^ A[.A-Z]{5} (\w\S*)/gm);
  return [...rows].map(([, name = '']) => name).toSorted();
}
