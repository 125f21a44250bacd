import { readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { lookAtMachine } from '../../codecs/machine.js';
import { codecs } from '../../codecs/registry.gen.js';
import type { AbsolutePath } from '../../lib/brand.js';
import { errorCode, errorMessage } from '../../lib/failure.js';
import { schemaFile } from '../../lib/schema-validator.js';
import { shellQuote } from '../../lib/shell-quote.js';
import { initialManifest } from '../../manifest/init.js';
import { formatCounted } from '../../report/format.js';
import { escapeControls } from '../../report/text.js';
import { scanSources } from '../../sources/scan.js';
import type { CommandBody } from '../command.js';
import { defineCommand } from '../command.js';
import { MANIFEST_OPTIONS, OUTPUT_OPTIONS } from '../common-options.js';
import { EXIT } from '../exit-code.js';
import { MANIFEST_NAMES, manifestPath, Session } from '../session.js';

/** Names under which people keep covers, as patterns of a scan. */
const COVERS = ['**/{cover,folder,front}.{jpg,jpeg,png}'];

export const init: CommandBody = defineCommand({
  usage: ['init [options] [SOURCE]'],
  description: [
    'Looks at SOURCE, or the current folder, and writes a commented flac2all.yaml that fits it: how many FLAC files are there, which encoders are installed, which covers lie beside the tracks. Never replaces a file.',
  ],
  options: {
    file: {
      ...MANIFEST_OPTIONS.file,
      description: 'the manifest to write; otherwise flac2all.yaml in the current folder',
    },
    ...OUTPUT_OPTIONS,
  },
  positionals: { name: 'SOURCE', description: 'the folder with the FLAC files', min: 0, max: 1 },
  examples: [
    { command: 'flac2all init', what: 'for the FLAC files in or below this folder' },
    { command: 'flac2all init /srv/music/Lossless', what: 'for another folder' },
  ],
  async run({ values, positionals }, context) {
    const session = await Session.begin(values, context);
    const file = manifestPath(values, context);
    const source = sourceFolder(context.cwd, positionals[0]);
    const scanned = await scanSources(
      { name: 'source', root: source, include: ['**/*.flac'], exclude: [] },
      {
        copy: COVERS,
        signal: context.signal,
        onProgress: (done, total) =>
          session.emit({ type: 'scan-progress', stage: 'sources', done, total }),
      },
    );
    if (!scanned.ok) return session.fail(scanned.error);
    const { files, sidecars } = scanned.value;
    const { programs: present } = await lookAtMachine(context.env['PATH']);
    const text = initialManifest({
      directory: dirname(file),
      source,
      trackCount: files.length,
      codecs: codecs
        .filter(({ programs }) => programs.every(({ name }) => present.has(name)))
        .map(({ name }) => name),
      coverNames: [...new Set(sidecars.map(({ rel }) => basename(rel)))].toSorted(),
      schema: schemaReference(dirname(file)),
    });
    try {
      writeFileSync(file, text, { flag: 'wx' });
    } catch (error) {
      const there = errorCode(error) === 'EEXIST';
      return session.fail({
        code: there ? 'FILE_EXISTS' : 'FILE_UNWRITABLE',
        message: there
          ? `${file} is there already`
          : `cannot write ${file}: ${errorMessage(error)}`,
        ...(there ? { hint: 'name another one with --file, or edit this one' } : {}),
      });
    }
    session.emit({
      type: 'answer',
      kind: 'init',
      text: writtenText({ file, source, tracks: files.length, cwd: context.cwd }),
      data: { manifest: file, source, tracks: files.length },
    });
    return session.end(EXIT.ok);
  },
});

interface Written {
  readonly file: string;
  readonly source: string;
  readonly tracks: number;
  readonly cwd: string;
}

/** What was written, and what to do next. */
function writtenText({ file, source, tracks, cwd }: Written): string {
  const wrote = `Wrote ${escapeControls(file)} for ${formatCounted(tracks, 'FLAC file')} in ${escapeControls(source)}.`;
  const named =
    join(cwd, MANIFEST_NAMES[0]) === file ? '' : ` -f ${shellQuote(relative(cwd, file))}`;
  const next =
    tracks === 0
      ? 'Put some there, or name another folder as "source" in it. Then try:'
      : 'Read it, then try:';
  return `${wrote}\n${next} flac2all plan${escapeControls(named)}\n`;
}

/** What was asked for, or the one folder below that has all the music, or this folder. */
function sourceFolder(cwd: string, named: string | undefined): AbsolutePath {
  if (named !== undefined) return resolve(cwd, named) as AbsolutePath;
  const lossless = readdirSync(cwd, { withFileTypes: true }).find(
    (entry) => entry.isDirectory() && /^(?:lossless|flac)$/i.test(entry.name),
  );
  return (lossless === undefined ? cwd : join(cwd, lossless.name)) as AbsolutePath;
}

/** The schema that this program ships, so that editors complete and check the manifest. */
function schemaReference(folder: string): string {
  const shipped = schemaFile('manifest');
  const way = relative(folder, shipped);
  return way.startsWith('../../..') ? shipped : way;
}
