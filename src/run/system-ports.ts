import { systemRunner } from '../providers/command-runner.js';
import type { ProviderPorts } from '../providers/provider.js';
import { runtimeUnitFolder } from '../providers/systemd.js';
import { ENTRY } from './entry.js';

/** The programs of engines as they are on this machine, and flac2all as it is installed here. */
export const systemPorts: ProviderPorts = {
  runner: systemRunner,
  self: [process.execPath, ENTRY],
  unitFolder: runtimeUnitFolder,
};
