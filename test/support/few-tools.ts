import { readdirSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { TestContext } from 'node:test';
import { allPrograms } from '#src/codecs/all-programs.js';
import { temporaryFolder } from './temporary-folder.js';

const KEPT = new Set(['flac', 'opusenc']);

/**
 * A PATH with all that is on this one but for encoders other than opusenc: a worker runs each that it finds
 * before it joins, which costs more than what most tests have it do.
 */
export function fewTools(test: TestContext): string {
  const bin = temporaryFolder(test);
  const left = new Set(
    allPrograms()
      .map(({ name }) => name)
      .filter((name) => !KEPT.has(name)),
  );
  const taken = new Set<string>();
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    for (const name of namesIn(folder)) {
      if (left.has(name) || taken.has(name)) continue;
      taken.add(name);
      symlinkSync(join(folder, name), join(bin, name));
    }
  }
  return bin;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
