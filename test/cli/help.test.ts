import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { defineCommand } from '#src/cli/command.js';
import type { Command } from '#src/cli/command.js';
import { EXIT } from '#src/cli/exit-code.js';
import { renderCommandHelp, renderProgramHelp } from '#src/cli/help.js';
import { makePalette, plainPalette } from '#src/report/terminal.js';
import { displayWidth } from '#src/report/text.js';

const view = { columns: 80, palette: plainPalette };
const help = { type: 'boolean', short: 'h', description: 'Show this help' } as const;

const body = defineCommand({
  usage: ['plan [options] [PATH...]'],
  description: [
    'Compares the manifest, the ledger and the disk, and lists what differs with the reason for each output.',
    'Takes no lock and writes nothing.',
  ],
  options: {
    manifest: {
      type: 'string',
      short: 'f',
      placeholder: 'FILE',
      description: 'Manifest to read',
      default: 'flac2all.yaml',
    },
    jobs: {
      type: 'integer',
      short: 'j',
      placeholder: 'N',
      description: 'Workers',
      min: 0,
      max: 512,
    },
    format: {
      type: 'string',
      placeholder: 'FORMAT',
      description: 'How to write',
      choices: ['text', 'json'],
    },
    'a-very-long-option-name': {
      type: 'string',
      placeholder: 'VALUE',
      description: 'Stands on two lines',
      repeatable: true,
    },
    'detailed-exitcode': {
      type: 'boolean',
      description:
        'Exit with 2 when changes are pending and with 4 when only drift or conflicts are',
    },
    help,
  },
  positionals: {
    name: 'PATH',
    description: 'Only outputs below these folders',
    min: 0,
    max: Infinity,
  },
  examples: [
    { what: 'Show every row:', command: 'flac2all plan --full' },
    { what: 'Ask from a script:', command: 'flac2all plan --detailed-exitcode' },
  ],
  run: () => Promise.resolve(EXIT.ok),
});

const plan: Command = {
  name: 'plan',
  group: 'Every day',
  summary: 'Show what apply would do, and why',
  ...body,
};

test('shows a command on 80 columns', () => {
  assert.equal(
    renderCommandHelp(plan, 'flac2all', view),
    `flac2all plan: Show what apply would do, and why

Usage:
  flac2all plan [options] [PATH...]

Compares the manifest, the ledger and the disk, and lists what differs with the
reason for each output.

Takes no lock and writes nothing.

Arguments:
  PATH  Only outputs below these folders

Options:
  -f, --manifest FILE      Manifest to read (default: flac2all.yaml)
  -j, --jobs N             Workers (0 to 512)
      --format FORMAT      How to write (one of text, json)
      --a-very-long-option-name VALUE
                           Stands on two lines (repeatable)
      --detailed-exitcode  Exit with 2 when changes are pending and with 4 when
                           only drift or conflicts are
  -h, --help               Show this help

Examples:
  Show every row:
    $ flac2all plan --full

  Ask from a script:
    $ flac2all plan --detailed-exitcode
`,
  );
});

const program = {
  name: 'flac2all',
  summary: 'keeps lossy mirrors of a FLAC library true to a manifest',
  usage: ['COMMAND [options]'],
  commands: [
    plan,
    { ...plan, name: 'completion', group: 'Set up', summary: 'Print a completion script' },
  ],
  options: { help },
  notes: [
    'Exit codes: 0 done, 2 changes pending, 3 some outputs failed, 64 usage. "flac2all COMMAND --help" tells more.',
  ],
};

test('shows the program, its commands by group', () => {
  assert.equal(
    renderProgramHelp(program, view),
    `flac2all: keeps lossy mirrors of a FLAC library true to a manifest

Usage:
  flac2all COMMAND [options]

Every day:
  plan        Show what apply would do, and why

Set up:
  completion  Print a completion script

Options:
  -h, --help  Show this help

Exit codes: 0 done, 2 changes pending, 3 some outputs failed, 64 usage.
"flac2all COMMAND --help" tells more.
`,
  );
});

test('wraps to the terminal, and not beyond what reads well', () => {
  for (const columns of [60, 80, 100, 300]) {
    const text = renderCommandHelp(plan, 'flac2all', { ...view, columns });
    for (const line of text.split('\n'))
      assert.ok(displayWidth(line) <= Math.min(100, columns), line);
  }
});

test('colour adds styles and nothing else', () => {
  const coloured = renderCommandHelp(plan, 'flac2all', { ...view, palette: makePalette(true) });
  assert.match(coloured, /\p{Cc}\[/u);
  assert.equal(stripVTControlCharacters(coloured), renderCommandHelp(plan, 'flac2all', view));
});
