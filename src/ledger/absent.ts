import { errorCode } from '../lib/failure.js';

/** Files that a root names can be gone when the root is no longer the newest; NFS says ESTALE. */
export async function absentAsUndefined<T>(operation: () => Promise<T>): Promise<T | undefined> {
  try {
    return await operation();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ESTALE'].includes(errorCode(error) ?? '')) return undefined;
    throw error;
  }
}
