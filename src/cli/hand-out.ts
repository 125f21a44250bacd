import { homedir } from 'node:os';
import { keyFolder } from '../cluster/key-file.js';
import type { Manifest } from '../manifest/manifest.js';
import type { HandOut } from '../run/encode-stage.js';
import { workersOf } from '../run/workers-of.js';
import type { CommandContext } from './command.js';
import type { StopSignals } from './stop-signals.js';

/** Hands tasks to the workers that the manifest asks for. */
export function handOutTo(
  manifest: Manifest,
  { env, clock, timing = {} }: CommandContext,
  signals: StopSignals,
): HandOut {
  return workersOf(manifest, { keyFolder: keyFolder(env, homedir()), timing, clock, signals });
}
