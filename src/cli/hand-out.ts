import { homedir } from 'node:os';
import { keyFolder } from '../cluster/key-file.js';
import type { ClusterSettings } from '../manifest/manifest.js';
import type { HandOut } from '../run/encode-stage.js';
import type { CommandContext } from './command.js';
import type { StopSignals } from './stop-signals.js';

/** Hands tasks to workers as the settings say. Sockets and agents are only loaded where there is work. */
export function handOutTo(
  { bind, insecure, uniformTools, workers }: ClusterSettings,
  { env, clock }: CommandContext,
  signals: StopSignals,
): HandOut {
  return async (work) => {
    const { localCluster } = await import('../run/local-cluster.js');
    const keys = keyFolder(env, homedir());
    const who = { slots: workers, bind, insecure, uniformTools, keyFolder: keys };
    return localCluster({ ...who, clock, signals })(work);
  };
}
