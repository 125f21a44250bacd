import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Corpus, CorpusFile } from './corpus.js';

/** What a tool says of one source, and what it left. */
export interface Claim {
  /** Path in the corpus. */
  readonly name: string;
  readonly says: 'done' | 'failed';
  /** Seconds of audio in the output; `undefined`: there is none, or it cannot be decoded. */
  readonly seconds: number | undefined;
}

/** How often a tool was wrong, with the sources it was wrong of. */
export interface Truth {
  readonly tool: string;
  /** Says done, but audio is missing. */
  readonly falseSuccesses: readonly string[];
  /** Says failed of a good source. */
  readonly falseFailures: readonly string[];
}

/** Players' and encoders' delays; what is missing in broken files is more. */
const TOLERANCE_SECONDS = 0.25;

/** Holds claims against what is known of the corpus. Files on which one may differ do not count. */
export function truthOf(tool: string, claims: readonly Claim[], { files }: Corpus): Truth {
  const wrong = (isWrong: (claim: Claim, file: CorpusFile) => boolean): readonly string[] =>
    claims
      .filter((claim) => {
        const file = files[claim.name];
        return file !== undefined && isWrong(claim, file);
      })
      .map(({ name }) => name);
  return {
    tool,
    falseSuccesses: wrong(({ says, seconds }, file) => {
      if (says === 'failed') return false;
      if (file.verdict === 'convert') return !isWhole(seconds, file);
      return file.verdict === 'fail' || file.verdict === 'not-flac';
    }),
    falseFailures: wrong(({ says }, { verdict }) => says === 'failed' && verdict === 'convert'),
  };
}

function isWhole(seconds: number | undefined, { expected_duration: wanted }: CorpusFile): boolean {
  return seconds !== undefined && seconds >= (wanted ?? 0) - TOLERANCE_SECONDS;
}

/** A way to convert a FLAC file by hand. */
export interface Neighbour {
  readonly tool: string;
  readonly extension: string;
  /** For `sh`: `$1` is the source, `$2` the output. */
  readonly line: string;
}

const FFMPEG = 'ffmpeg -nostdin -v error';

/** What people write into scripts. */
export const NEIGHBOURS: readonly Neighbour[] = [
  { tool: 'opusenc', extension: 'opus', line: 'opusenc --quiet "$1" "$2"' },
  { tool: 'oggenc', extension: 'ogg', line: 'oggenc --quiet -o "$2" "$1"' },
  {
    tool: 'flac -dc | lame',
    extension: 'mp3',
    line: 'flac --silent --decode --stdout -- "$1" | lame --quiet - "$2"',
  },
  { tool: 'flac -> flac', extension: 'flac', line: 'flac --silent -f -o "$2" -- "$1"' },
  { tool: 'ffmpeg', extension: 'mp3', line: `${FFMPEG} -i "$1" -map 0:a:0 -y "$2"` },
  {
    tool: 'ffmpeg -xerror',
    extension: 'm4a',
    line: `${FFMPEG} -xerror -i "$1" -map 0:a:0 -y "$2"`,
  },
];

/** Lets a neighbour convert the whole corpus into a folder, and measures what came of it. */
export async function claimsOf(
  { extension, line }: Neighbour,
  { root, files }: Corpus,
  folder: string,
): Promise<readonly Claim[]> {
  const claims: Claim[] = [];
  for (const name of Object.keys(files)) {
    const output = join(folder, `${name}.${extension}`);
    mkdirSync(dirname(output), { recursive: true });
    const code = await codeOf('sh', ['-c', line, 'sh', join(root, name), output]);
    const done = code === 0 && existsSync(output);
    const seconds = done ? await secondsOf(output) : undefined;
    claims.push({ name, says: done ? 'done' : 'failed', seconds });
  }
  return claims;
}

async function codeOf(program: string, args: readonly string[]): Promise<number | null> {
  const child = spawn(program, args, { stdio: 'ignore' });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}

const RATE = 8000;

/** How long an audio file is: decoded, and the samples counted; `undefined` when it cannot be decoded to its end. */
export async function secondsOf(path: string): Promise<number | undefined> {
  const form = ['-map', '0:a:0', '-ac', '1', '-ar', String(RATE), '-f', 'u8', '-'];
  const args = ['-nostdin', '-v', 'error', '-i', path, ...form];
  const child = spawn('ffmpeg', args, { stdio: ['ignore', 'pipe', 'ignore'] });
  let bytes = 0;
  child.stdout.on('data', (chunk: Buffer) => (bytes += chunk.length));
  const [code] = (await once(child, 'close')) as [number | null];
  return code === 0 ? bytes / RATE : undefined;
}
