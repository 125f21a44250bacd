import { allPrograms } from '../codecs/all-programs.js';
import type { Capabilities } from './contract.js';
import { programNeed, programOf } from './need.js';
import type { Lacks, Need } from './need.js';

/** How an agent's programs compare with what a run needs. */
export interface ToolsVerdict {
  readonly lacks: Lacks;
  /** A sentence part for each program of another version. */
  readonly differing: readonly string[];
}

/**
 * Compares the programs of an agent with those that a run needs and the versions that it goes by.
 * Programs that the run does not need do not count.
 */
export function judgeTools(
  needs: readonly Need[],
  agent: Capabilities,
  reference: Capabilities,
): ToolsVerdict {
  const lacks = new Map<Need, string>();
  const differing: string[] = [];
  for (const name of needs.flatMap((need) => programOf(need) ?? [])) {
    const has = ownValue(agent, name);
    const wanted = ownValue(reference, name);
    if (has === undefined) {
      if (saysSo(agent, name)) lacks.set(programNeed(name), whyMissing(name));
    } else if (wanted !== undefined && wanted !== has && !name.includes(':')) {
      differing.push(`${name} ${has} and not ${wanted}`);
    }
  }
  return { lacks, differing };
}

function ownValue(capabilities: Capabilities, name: string): string | undefined {
  return Object.hasOwn(capabilities, name) ? capabilities[name] : undefined;
}

/** An agent that lists no encoder inside ffmpeg at all has not looked. */
function saysSo(agent: Capabilities, name: string): boolean {
  const [family] = name.split(':');
  if (family === name) return true;
  return Object.keys(agent).some((key) => key.startsWith(`${family}:`));
}

function whyMissing(name: string): string {
  const [family, inner] = name.split(':');
  if (inner !== undefined) return `its ${family} has no encoder ${inner}; install one that has`;
  const program = allPrograms().find((one) => one.name === name);
  const where = program === undefined ? '' : ` (Debian package ${program.packages.debian})`;
  return `${name} is not installed${where}`;
}
