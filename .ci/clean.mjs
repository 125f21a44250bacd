// Removes what was built, so that no file of a source that is gone is tested or shipped.
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
for (const folder of ['dist', 'build/spec'])
  rmSync(join(root, folder), { recursive: true, force: true });
