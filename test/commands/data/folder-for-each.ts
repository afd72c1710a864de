/** A folder of its own for each test of the file that asks for one; gone after it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';

/** @returns the path of what has these names in it, of the folder itself without any. */
export function folderForEach(): (...names: string[]) => string {
  let folder: string;
  beforeEach(() => {
    // People have such names too.
    folder = mkdtempSync(join(tmpdir(), 'greenlight data-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  return (...names) => join(folder, ...names);
}
