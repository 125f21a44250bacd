import { createHmac } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import type { AbsolutePath } from '../lib/brand.js';
import { cutToBytes, MAX_NAME_BYTES, PART_SUFFIX } from '../lib/file-name.js';

/**
 * The path of the part file of an attempt: `.NAME.TAG.f2a-part` beside the output, NAME cut to fit
 * 255 bytes. TAG is a MAC over output and attempt under the ledger's lineage: no other ledger and no
 * person comes to the same name by accident.
 */
export function partPath(output: AbsolutePath, attempt: string, lineage: string): AbsolutePath {
  const tag = createHmac('sha256', lineage)
    .update(`${output}\0${attempt}`)
    .digest('hex')
    .slice(0, 16);
  const room = MAX_NAME_BYTES - Buffer.byteLength(`..${tag}${PART_SUFFIX}`);
  const name = cutToBytes(basename(output), room);
  return join(dirname(output), `.${name}.${tag}${PART_SUFFIX}`) as AbsolutePath;
}
