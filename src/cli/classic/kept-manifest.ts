import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode, errorMessage } from '../../lib/failure.js';
import { shellQuote } from '../../lib/shell-quote.js';
import type { Manifest } from '../../manifest/manifest.js';
import type { ManifestFile } from '../../manifest/manifest-file.gen.js';
import type { RunEvent } from '../../report/event.js';
import { escapeControls } from '../../report/text.js';

/*
 * A classic run leaves the manifest that it stands for in its output folder, so that the commands that
 * read one (`status`, `verify`, `explain`, ...) answer for that folder too. JSON is YAML.
 */
const MARK = '# Written by flac2all: what this command line stands for as a manifest.';

/** What a classic run keeps. */
export interface Kept {
  readonly manifest: Manifest;
  /** The manifest as a file says it. */
  readonly content: ManifestFile;
  readonly argv: readonly string[];
  readonly emit: (event: RunEvent) => void;
}

/**
 * Writes the manifest of a classic run to its place, replacing that of an earlier one and nothing
 * else. The caller holds the ledger's lock. Where it cannot be written the run goes on, and says so.
 */
export function keepManifest({ manifest, content, argv, emit }: Kept): void {
  const { file, stateDirectory } = manifest;
  try {
    const text = keptText(content, argv);
    const former = contentOf(file);
    if (former === text) return;
    if (former !== undefined && !former.startsWith(MARK)) {
      tell(`${file} is not of flac2all and stays: other commands read that one`, emit);
      return;
    }
    const draft = join(stateDirectory, `manifest.${randomBytes(6).toString('hex')}`);
    writeFileSync(draft, text, { flag: 'wx' });
    renameSync(draft, file);
  } catch (error) {
    tell(`other commands have no manifest of this run: ${errorMessage(error)}`, emit);
  }
}

function keptText(content: ManifestFile, argv: readonly string[]): string {
  const command = escapeControls(['flac2all', ...argv.map(shellQuote)].join(' '));
  return `${MARK}\n# ${command}\n${JSON.stringify(content, undefined, 2)}\n`;
}

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function tell(text: string, emit: Kept['emit']): void {
  emit({ type: 'notice', level: 'warning', code: 'MANIFEST_NOT_KEPT', text });
}
