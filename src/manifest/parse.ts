import { Composer, Lexer, Parser, isAlias, isMap, isScalar, isSeq, visit } from 'yaml';
import type { Alias, Document, Node, Pair } from 'yaml';
import type { TextLocation } from '../lib/failure.js';
import { errorMessage } from '../lib/failure.js';
import type { Result } from '../lib/result.js';
import { err, ok } from '../lib/result.js';
import { textLocation } from '../lib/text-location.js';
import type { SourceText } from '../lib/text-location.js';
import { failureAt } from './failure.js';
import type { ManifestFailure } from './failure.js';
import { explainYamlError } from './yaml-error.js';

/** Keys and indexes from the root of a document to a value. */
export type JsonPath = readonly (string | number)[];

/** YAML that was read but not yet checked against anything. */
export interface ParsedDocument {
  /** As the user named it. */
  readonly file: string;
  /** Plain data without cycles. */
  readonly value: unknown;
  /**
   * Where the value at `path`, or its key, stands in the file; of the nearest parent where the path
   * leads nowhere. A value that came by an alias or a merge stands where it was written.
   */
  locate(path: JsonPath, part?: 'key' | 'value'): TextLocation;
}

/** More than a person writes, far less than would exhaust memory or stack. */
const MAX_DEPTH = 100;
const MAX_ALIASES = 1000;
/** More errors would not be read. */
const MAX_SHOWN = 50;

/** Reads one YAML document; finds every duplicate key, but else only the first error of syntax. */
export function parseText(source: SourceText): Result<ParsedDocument, readonly ManifestFailure[]> {
  const composed = compose(source);
  if (!composed.ok) return composed;
  const document = composed.value;
  const duplicates = duplicateKeys(document, source);
  if (duplicates.length > 0) return err(duplicates);
  const problem = aliasProblem(document, source);
  if (problem !== undefined) return err([problem]);
  try {
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    return ok({
      file: source.file,
      value,
      locate: (path, part = 'value') => {
        const [start, end] = findRange(document, path, part);
        return textLocation(source, start, end);
      },
    });
  } catch (error) {
    return err([syntaxFailure(source, [0, 0], errorMessage(error))]);
  }
}

function compose(source: SourceText): Result<Document.Parsed, readonly ManifestFailure[]> {
  const parser = new Parser();
  const tokens = [];
  for (const lexeme of new Lexer().lex(source.text)) {
    tokens.push(...parser.next(lexeme));
    if (parser.stack.length > MAX_DEPTH) {
      const range: Range = [parser.offset, parser.offset + 1];
      return err([syntaxFailure(source, range, `nested more than ${MAX_DEPTH} levels deep`)]);
    }
  }
  tokens.push(...parser.end());
  const composer = new Composer({
    merge: true,
    uniqueKeys: false,
    logLevel: 'error',
    resolveKnownTags: false,
  });
  const [document, second] = [...composer.compose(tokens, true, source.text.length)];
  const errors = document === undefined ? [] : [...document.errors, ...document.warnings];
  const [first] = errors;
  if (first !== undefined) {
    const location = textLocation(source, ...first.pos);
    return err([failureAt(location, explainYamlError(first))]);
  }
  if (second !== undefined) {
    const text = 'a second document begins here; a manifest is one document';
    return err([syntaxFailure(source, [second.range[0], second.range[0] + 3], text)]);
  }
  if (document === undefined || document.contents === null || isNull(document.contents)) {
    const message = `${source.file} is empty`;
    const hint = '"flac2all init" writes a manifest to start from';
    return err([failureAt(undefined, { code: 'MANIFEST_EMPTY', message, hint })]);
  }
  return ok(document);
}

/** Our own check: that of the parser compares each key with each. */
function duplicateKeys(document: Document.Parsed, source: SourceText): readonly ManifestFailure[] {
  const failures: ManifestFailure[] = [];
  visit(document, {
    Map(_key, { items }) {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key) || key.source === '<<') continue;
        const name = String(key.value);
        if (seen.has(name)) {
          const message = `the key "${name}" stands twice in the same mapping`;
          failures.push(syntaxFailure(source, rangeOf(key), message));
        }
        seen.add(name);
        if (failures.length === MAX_SHOWN) return visit.BREAK;
      }
      return undefined;
    },
  });
  return failures;
}

/** Aliases that lead nowhere, into themselves, or are too many. */
function aliasProblem(document: Document.Parsed, source: SourceText): ManifestFailure | undefined {
  let problem: ManifestFailure | undefined;
  let count = 0;
  const refuse = (alias: Alias, text: string): symbol => {
    problem = syntaxFailure(source, rangeOf(alias), text);
    return visit.BREAK;
  };
  visit(document, {
    Alias(_key, alias, parents) {
      if (++count > MAX_ALIASES) return refuse(alias, `more than ${MAX_ALIASES} aliases`);
      const target = alias.resolve(document);
      if (target === undefined) {
        return refuse(alias, `"*${alias.source}" refers to no anchor "&${alias.source}" above it`);
      }
      if (parents.includes(target)) {
        return refuse(alias, `"*${alias.source}" refers to a value that it is a part of`);
      }
      return undefined;
    },
  });
  return problem;
}

type Range = readonly [start: number, end: number];

function findRange(document: Document.Parsed, path: JsonPath, part: 'key' | 'value'): Range {
  let node: unknown = document.contents;
  let range = rangeOf(node);
  for (const [index, step] of path.entries()) {
    const last = index === path.length - 1;
    const resolved: unknown = isAlias(node) ? node.resolve(document) : node;
    if (isSeq(resolved) && typeof step === 'number') {
      node = resolved.items[step];
    } else {
      const pair = findPair(document, resolved, String(step));
      if (pair === undefined) return range;
      node = pair.value;
      const empty = node === null || isNull(node);
      if ((last && part === 'key') || empty) return rangeOf(pair.key);
    }
    range = rangeOf(node);
  }
  return range;
}

/** The member that counts: the mapping's own, else that of a merged mapping. */
function findPair(document: Document.Parsed, node: unknown, key: string): Pair | undefined {
  if (!isMap(node)) return undefined;
  const own = node.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === key);
  if (own !== undefined) return own;
  for (const { key: merge, value } of node.items) {
    if (!isScalar(merge) || merge.source !== '<<') continue;
    const target: unknown = isAlias(value) ? value.resolve(document) : value;
    for (const item of isSeq(target) ? target.items : [target]) {
      const merged = findPair(document, isAlias(item) ? item.resolve(document) : item, key);
      if (merged !== undefined) return merged;
    }
  }
  return undefined;
}

function rangeOf(node: unknown): Range {
  const range = (node as Node | null | undefined)?.range;
  return range === null || range === undefined ? [0, 0] : [range[0], range[1]];
}

function isNull(node: unknown): boolean {
  return isScalar(node) && node.value === null;
}

function syntaxFailure(source: SourceText, range: Range, message: string): ManifestFailure {
  return failureAt(textLocation(source, ...range), { code: 'MANIFEST_SYNTAX', message });
}
