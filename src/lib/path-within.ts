/** Whether `path` is `folder` or lies below it; both absolute and normal. Does not look at the disk. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}
