/** A disk with no room left, for the time of one piece of work. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

export async function onFullDisk<Value>(work: () => Promise<Value>): Promise<Value> {
  const { statfsSync } = fs;
  const full = (path: fs.PathLike) => ({ ...statfsSync(path), bavail: 0 });
  try {
    fs.statfsSync = full as typeof statfsSync;
    syncBuiltinESMExports();
    return await work();
  } finally {
    fs.statfsSync = statfsSync;
    syncBuiltinESMExports();
  }
}
