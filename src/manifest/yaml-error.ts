import type { Problem } from './failure.js';

interface YamlError {
  readonly code: string;
  readonly message: string;
}

/** Says in a person's words what the YAML parser found. */
export function explainYamlError(error: YamlError): Problem {
  const [message, hint] = words(error);
  return { code: 'MANIFEST_SYNTAX', message, hint };
}

function words({ code, message }: YamlError): readonly [string, string?] {
  switch (code) {
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

function lowerFirst(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}
