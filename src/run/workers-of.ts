import { homedir } from 'node:os';
import { keyFolder } from '../cluster/key-file.js';
import { systemClock } from '../lib/clock.js';
import type { Manifest } from '../manifest/manifest.js';
import type { HandOut } from './encode-stage.js';
import type { LocalClusterOptions } from './local-cluster.js';

/** Of what `localCluster` takes, all that the manifest does not say. */
export type WorkerSettings = Pick<LocalClusterOptions, 'signals'> &
  Partial<Pick<LocalClusterOptions, 'clock' | 'timing' | 'keyFolder'>>;

/**
 * Hands tasks to workers as the manifest's `cluster` says: to those of this machine, and to those that it
 * has started or lets join. Sockets and agents are only loaded where there is work.
 */
export function workersOf(
  { cluster, stateDirectory, file }: Manifest,
  settings: WorkerSettings,
): HandOut {
  return async (work) => {
    const { localCluster } = await import('./local-cluster.js');
    const { bind, insecure, uniformTools, advertise, providers, workers } = cluster;
    const pilots = { providers, advertise, stateDirectory, manifest: file };
    return localCluster({
      slots: workers,
      bind,
      insecure,
      uniformTools,
      pilots,
      keyFolder: keyFolder(process.env, homedir()),
      clock: systemClock,
      ...settings,
    })(work);
  };
}
