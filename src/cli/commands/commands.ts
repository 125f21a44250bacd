import type { CommandBody, CommandTitle } from '../command.js';

/** A command that is loaded when it is asked for, so that none loads the code of all others. */
export interface CommandEntry extends CommandTitle {
  readonly load: () => Promise<CommandBody>;
}

/** All commands, in the order of `flac2all --help`. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'init',
    group: 'Manifest',
    summary: 'write a manifest to start from',
    load: async () => (await import('./init.js')).init,
  },
  {
    name: 'validate',
    group: 'Manifest',
    summary: 'check the manifest, and that its encoders are here',
    load: async () => (await import('./validate.js')).validate,
  },
  {
    name: 'plan',
    group: 'Work',
    summary: 'show what apply would change, and why',
    load: async () => (await import('./plan.js')).plan,
  },
  {
    name: 'show',
    group: 'Work',
    summary: 'print a saved plan',
    load: async () => (await import('./show.js')).show,
  },
  {
    name: 'apply',
    group: 'Work',
    summary: 'make the outputs what the manifest wants',
    load: async () => (await import('./apply.js')).apply,
  },
  {
    name: 'run-shard',
    group: 'Work',
    summary: 'make the outputs of one shard of a plan, without a master',
    load: async () => (await import('./run-shard.js')).runShardCommand,
  },
  {
    name: 'collect',
    group: 'Work',
    summary: 'put into place what the shards of a plan made',
    load: async () => (await import('./collect.js')).collect,
  },
  {
    name: 'accept',
    group: 'Work',
    summary: 'take outputs as they are, without encoding',
    load: async () => (await import('./accept.js')).accept,
  },
  {
    name: 'gc',
    group: 'Work',
    summary: 'remove what is old from the trash',
    load: async () => (await import('./gc.js')).gc,
  },
  {
    name: 'adopt',
    group: 'Work',
    summary: 'take over outputs that another program made',
    load: async () => (await import('./adopt.js')).adopt,
  },
  {
    name: 'status',
    group: 'Look',
    summary: 'how each output set stands, and the last runs',
    load: async () => (await import('./status.js')).status,
  },
  {
    name: 'explain',
    group: 'Look',
    summary: 'why a file would be made, changed, kept or deleted',
    load: async () => (await import('./explain.js')).explain,
  },
  {
    name: 'verify',
    group: 'Look',
    summary: 'check the outputs against the ledger',
    load: async () => (await import('./verify.js')).verify,
  },
  {
    name: 'ledger',
    group: 'Look',
    summary: 'look at what was made, move rows, back it up, repair it',
    load: async () => (await import('./ledger.js')).ledger,
  },
  {
    name: 'codecs',
    group: 'Look',
    summary: 'every codec that a manifest can name, and its options',
    load: async () => (await import('./codecs.js')).codecs,
  },
  {
    name: 'doctor',
    group: 'Look',
    summary: 'which encoders are here, and how to get the missing ones',
    load: async () => (await import('./doctor.js')).doctor,
  },
  {
    name: 'keys',
    group: 'Workers',
    summary: 'who of other machines may work for this user',
    load: async () => (await import('./keys.js')).keys,
  },
  {
    name: 'worker',
    group: 'Workers',
    summary: 'make outputs for a master that is at work',
    load: async () => (await import('./worker.js')).worker,
  },
  {
    name: 'workers',
    group: 'Workers',
    summary: 'start and end workers by ssh, Slurm, Kubernetes or systemd',
    load: async () => (await import('./workers.js')).workers,
  },
];
