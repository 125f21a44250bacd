import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { ffmpegProgram } from '../codecs/programs.js';
import { ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import { startChild } from './child.js';
import type { Command } from './child.js';
import { remembering } from './fit-picture.js';
import type { Convert } from './fit-picture.js';
import type { Problem } from './problem.js';
import { openToolbox } from './toolbox.js';

/** A picture that takes longer is none. */
const LIMIT_MS = 60_000;

/** Converts pictures of a source by ffmpeg; the problem is that it is not there. */
export async function openPictureProgram(
  signal: AbortSignal,
  source: string,
): Promise<Result<Convert, Problem>> {
  const tools = await openToolbox([ffmpegProgram], `${source}: its pictures must be converted`);
  if (!tools.ok) return tools;
  return ok(
    remembering((data, args) => convert(tools.value.command(ffmpegProgram, args), data, signal)),
  );
}

async function convert(
  command: Command,
  data: Uint8Array,
  stop: AbortSignal,
): Promise<Buffer | undefined> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(LIMIT_MS)]);
  const child = startChild(command, { stdin: 'pipe', stdout: 'pipe', signal });
  // It need not read all that it is given; the exit tells whether it was content.
  const fed = child.stdin && pipeline(Readable.from([data]), child.stdin).catch(() => undefined);
  const made = child.stdout && buffer(child.stdout).catch(() => undefined);
  const [exit, bytes] = await Promise.all([child.exit, made, fed]);
  return exit.code === 0 ? bytes : undefined;
}
