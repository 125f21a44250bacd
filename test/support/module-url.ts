/** The URL of a built module as a JavaScript literal, for scripts that a test hands to `node -e`. */
export function moduleUrl(name: string): string {
  return JSON.stringify(import.meta.resolve(`#src/${name}.js`));
}
