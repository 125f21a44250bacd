import { homedir } from 'node:os';
import { keyFolder } from '../cluster/key-file.js';
import type { Manifest } from '../manifest/manifest.js';
import type { HandOut } from '../run/encode-stage.js';
import type { CommandContext } from './command.js';
import type { StopSignals } from './stop-signals.js';

/** Hands tasks to workers as `cluster` says. Sockets and agents are only loaded where there is work. */
export function handOutTo(
  { cluster, stateDirectory, file }: Manifest,
  { env, clock, timing = {} }: CommandContext,
  signals: StopSignals,
): HandOut {
  return async (work) => {
    const { localCluster } = await import('../run/local-cluster.js');
    const { bind, insecure, uniformTools, advertise, providers, workers } = cluster;
    const pilots = { providers, advertise, stateDirectory, manifest: file };
    const keys = { keyFolder: keyFolder(env, homedir()) };
    const who = { slots: workers, bind, insecure, uniformTools, pilots, ...keys };
    return localCluster({ ...who, timing, clock, signals })(work);
  };
}
