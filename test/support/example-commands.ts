import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { examples } from './music.js';

/** What a README tells to type: lines that are indented by four spaces. */
export function commandsOf(example: string): readonly (readonly string[])[] {
  const text = readFileSync(join(examples, example, 'README.md'), 'utf8');
  return [...text.matchAll(/^ {4}flac2all (.*?)(?: +#.*)?$/gm)].map(([, args = '']) =>
    args.split(' '),
  );
}
