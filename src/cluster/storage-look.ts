import { constants } from 'node:fs';
import { open, readFile, rm, stat, statfs } from 'node:fs/promises';
import type { AbsolutePath } from '../lib/brand.js';
import { errorCode, errorMessage } from '../lib/failure.js';
import { isWithin } from '../lib/path-within.js';
import { statKey, statParts } from '../lib/stat-key.js';
import type { StatKey } from '../lib/stat-key.js';
import { isAllowed, notAllowed } from './allowed-root.js';
import { isCaseSensitive } from './case-sensitivity.js';
import type { RootAnswer, RootQuestion } from './message.gen.js';
import { localPath } from './path-map.js';
import type { PlacedRules } from './task-guard.js';

/**
 * Looks whether this machine sees the master's folders, and may write where outputs go. Says of each
 * what is wrong, and what helps. Leaves nothing behind.
 */
export function lookAtStorage(
  questions: readonly RootQuestion[],
  rules: PlacedRules,
): Promise<RootAnswer[]> {
  return Promise.all(questions.map((question) => answer(question, rules)));
}

async function answer(question: RootQuestion, rules: PlacedRules): Promise<RootAnswer> {
  const { path, use } = question;
  try {
    const problem = await problemOf(question, rules);
    if (problem !== undefined) return { path, use, problem: problem.slice(0, 4096) };
    const here = localPath(path as AbsolutePath, rules.maps);
    const witness =
      question.witness && localPath(question.witness.path as AbsolutePath, rules.maps);
    const caseSensitive = witness && (await isCaseSensitive(witness));
    return {
      path,
      use,
      ...(use === 'output' ? { freeBytes: await freeBytes(here) } : {}),
      ...(caseSensitive === undefined ? {} : { caseSensitive }),
    };
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return { path, use, problem: `${path}: ${errorMessage(error)}` };
  }
}

async function problemOf(question: RootQuestion, rules: PlacedRules): Promise<string | undefined> {
  const { use, witness } = question;
  const path = question.path as AbsolutePath;
  const here = localPath(path, rules.maps);
  const access = use === 'source' ? 'read' : 'write';
  if (!isAllowed(here, access, rules.roots)) return notAllowed(here, access);
  const place = { path, here };
  const missing = await stat(here).then(
    (stats) => (stats.isDirectory() ? undefined : 'is no folder here'),
    (error: unknown) => `cannot be seen here: ${errorMessage(error)}`,
  );
  if (missing !== undefined) return elsewhere(place, missing);
  if (witness === undefined) return undefined;
  if (!isWithin(witness.path, path)) return `${witness.path} is not in ${path}`;
  const file = localPath(witness.path as AbsolutePath, rules.maps);
  if (witness.stat !== undefined) return sourceProblem(place, file, witness.stat as StatKey);
  return outputProblem(place, file, witness);
}

interface Place {
  readonly path: AbsolutePath;
  /** The same on this machine. */
  readonly here: AbsolutePath;
}

async function sourceProblem(
  place: Place,
  file: AbsolutePath,
  expected: StatKey,
): Promise<string | undefined> {
  let seen: StatKey;
  try {
    seen = statKey(await stat(file, { bigint: true }));
  } catch (error) {
    return elsewhere(place, `has no ${file} here: ${errorMessage(error)}`);
  }
  if (seen === expected) return await unreadable(file);
  const [one, other] = [statParts(seen), statParts(expected)];
  if (one.sizeBytes !== other.sizeBytes || one.mtimeNs !== other.mtimeNs) {
    return elsewhere(place, `is another folder here: ${file} is another file`);
  }
  return (
    `${inWords(place)} is mounted in a way that shows files with other inode numbers or change ` +
    `times than at the master (${file}); mount it by NFS, or SMB with serverino`
  );
}

async function unreadable(file: AbsolutePath): Promise<string | undefined> {
  try {
    await (await open(file, 'r')).close();
    return undefined;
  } catch (error) {
    return `${file} cannot be read here: ${errorMessage(error)}; run the worker as a user who may`;
  }
}

async function outputProblem(
  place: Place,
  file: AbsolutePath,
  { nonce, scratch }: NonNullable<RootQuestion['witness']>,
): Promise<string | undefined> {
  try {
    if ((await readFile(file, 'utf8')) !== nonce) {
      return elsewhere(place, `is another folder here: ${file} is not what the master wrote`);
    }
  } catch (error) {
    return elsewhere(
      place,
      `is another folder here, without what the master wrote into it: ${errorMessage(error)}`,
    );
  }
  return scratch === undefined ? undefined : unwritable(place, `${place.here}/${scratch}`);
}

async function unwritable(place: Place, file: string): Promise<string | undefined> {
  try {
    const { O_CREAT, O_EXCL, O_WRONLY, O_NOFOLLOW } = constants;
    const made = await open(file, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, 0o600);
    try {
      await made.writeFile('flac2all');
    } finally {
      await made.close();
      await rm(file, { force: true });
    }
    return undefined;
  } catch (error) {
    const how = errorCode(error) === 'EROFS' ? 'is read-only here' : 'cannot be written here';
    return `${inWords(place)} ${how}: ${errorMessage(error)}; mount it for writing, or run the worker as a user who may`;
  }
}

function elsewhere(place: Place, what: string): string {
  return `${inWords(place)} ${what}; mount it, or say where it is: --map ${place.path}=FOLDER`;
}

function inWords({ path, here }: Place): string {
  return path === here ? path : `${path} (${here} by --map)`;
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
