import type { AppendFile, Disk } from '#src/lib/disk.js';
import { nodeDisk } from '#src/lib/node-disk.js';

export interface CrashingDisk {
  readonly port: Disk;
  readonly crashed: () => boolean;
  /** What the system does with the open files of a process that is gone. */
  readonly closeFiles: () => Promise<void>;
}

/** A disk until the `step`-th change of it; that one and whatever comes after never happens. */
export function crashingDisk(step: number, lossy?: Disk): CrashingDisk {
  const disk = lossy ?? nodeDisk;
  let left = step;
  const open = new Set<AppendFile>();
  const count = (): void => {
    left -= 1;
    if (left <= 0) throw new Error('crash');
  };
  const guarded = async <R>(call: () => Promise<R>): Promise<R> => {
    count();
    return call();
  };
  const port: Disk = {
    ...disk,
    makeDirectory: (path) => guarded(() => disk.makeDirectory(path)),
    writeNew: (path, content) => guarded(() => disk.writeNew(path, content)),
    rename: (from, to) => guarded(() => disk.rename(from, to)),
    link: (from, to) => guarded(() => disk.link(from, to)),
    remove: (path) => guarded(() => disk.remove(path)),
    removeEmptyDirectory: (path) => guarded(() => disk.removeEmptyDirectory(path)),
    // Where nothing is lost, a sync is no step: before and after it all is the same.
    syncDirectory: (path) =>
      lossy === undefined ? disk.syncDirectory(path) : guarded(() => disk.syncDirectory(path)),
    openAppend: async (path) => {
      const file = await guarded(() => disk.openAppend(path));
      open.add(file);
      return {
        append: (data) => guarded(() => file.append(data)),
        sync: () => guarded(() => file.sync()),
        close: async () => {
          open.delete(file);
          await file.close();
        },
      };
    },
  };
  const closeFiles = async (): Promise<void> => {
    for (const file of open) await file.close();
    open.clear();
  };
  return { port, crashed: () => left <= 0, closeFiles };
}
