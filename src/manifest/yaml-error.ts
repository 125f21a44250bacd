import type { Problem } from './failure.js';

interface YamlError {
  readonly code: string;
  readonly message: string;
  readonly pos: readonly [number, number];
}

/** Says in a person's words what the YAML parser found. */
export function explainYamlError(error: YamlError, text: string): Problem {
  const [message, hint] = words(error, text);
  return { code: 'MANIFEST_SYNTAX', message, hint };
}

function words({ code, message, pos }: YamlError, text: string): readonly [string, string?] {
  switch (code) {
    case 'DUPLICATE_KEY':
      return [
        `the key ${keyAt(text, pos[0])} stands twice in the same mapping`,
        'keep one of them',
      ];
    case 'TAB_AS_INDENT':
      return ['a tab stands in the indentation', 'YAML is indented by spaces only'];
    case 'BLOCK_AS_IMPLICIT_KEY':
      return [
        'a second "key: value" on the same line',
        'put the text in quotes if the colon belongs to it, or begin a new line',
      ];
    case 'MULTILINE_IMPLICIT_KEY':
    case 'BAD_INDENT':
      return [`the lines do not fit together: ${lowerFirst(message)}`, 'look at the indentation'];
    case 'TAG_RESOLVE_FAILED':
      return [
        'YAML tags ("!...") are not used in manifests',
        'put text that begins with "!" in quotes',
      ];
    case 'BAD_SCALAR_START':
      return [lowerFirst(message), 'put the text in quotes'];
    case 'RESOURCE_EXHAUSTION':
      return ['nested too deeply'];
    default:
      return [lowerFirst(message)];
  }
}

function keyAt(text: string, start: number): string {
  const key = /^(?:"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[^:\n]*)/.exec(text.slice(start, start + 200));
  return `"${(key?.[0] ?? '').trim().replaceAll(/^["']|["']$/g, '')}"`;
}

function lowerFirst(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}
