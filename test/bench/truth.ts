import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { corpus, corpusMissing } from '../support/corpus.js';
import type { Corpus } from '../support/corpus.js';
import { CORPUS_CODECS, corpusManifest, corpusOutput } from '../support/corpus-outputs.js';
import type { CorpusCodec } from '../support/corpus-outputs.js';
import { Run } from '../support/rig.js';
import { claimsOf, NEIGHBOURS, secondsOf, truthOf } from '../support/truth.js';
import type { Claim, Truth } from '../support/truth.js';
import { withScratch } from './scratch.js';
import { printTable } from './table.js';

/** Who says "done" of what is not whole, and "failed" of what is good, over the files of the corpus. */
export async function truth(): Promise<void> {
  if (corpus === undefined) {
    console.log(`truth: left out, ${corpusMissing}`);
    return;
  }
  const known = corpus;
  const rows: Truth[] = [];
  await withScratch(async (folder) => {
    const manifest = { version: 1, policy: { minAge: '0s' }, ...corpusManifest(known.root) };
    writeFileSync(join(folder, 'flac2all.yaml'), JSON.stringify(manifest));
    await new Run(['apply', '--yes', '--json'], { cwd: folder, timeoutMs: 900_000 }).finished;
    for (const codec of CORPUS_CODECS) {
      const claims = await ourClaims(codec, known, folder);
      rows.push(truthOf(`flac2all ${codec}`, claims, known));
    }
    for (const [index, neighbour] of NEIGHBOURS.entries()) {
      const claims = await claimsOf(neighbour, known, join(folder, `neighbour-${index}`));
      rows.push(truthOf(neighbour.tool, claims, known));
    }
  });
  printTable(`truth: ${Object.keys(known.files).length} files, good and broken`, [
    ['tool', 'false successes', 'false failures'],
    ...rows.map(({ tool, falseSuccesses, falseFailures }) => [
      tool,
      String(falseSuccesses.length),
      String(falseFailures.length),
    ]),
  ]);
}

/** An output in its place is what flac2all says; that there is none it says with the reason. */
async function ourClaims(
  codec: CorpusCodec,
  { files }: Corpus,
  folder: string,
): Promise<readonly Claim[]> {
  const claims: Claim[] = [];
  for (const name of Object.keys(files)) {
    const output = join(folder, corpusOutput(name, codec));
    const done = existsSync(output);
    const seconds = done ? await secondsOf(output) : undefined;
    claims.push({ name, says: done ? 'done' : 'failed', seconds });
  }
  return claims;
}
