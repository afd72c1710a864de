/** Real answers kept beside the checkout. They are not part of the project: tests that need them say when they are not there. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = new URL('../../../shared/data/', import.meta.url);

/** A folder of them (`backstage/`); `undefined`, with a printed reason, when there is none. */
export function sharedFolder(path: string): URL | undefined {
  const found = new URL(path, folder);
  if (existsSync(fileURLToPath(found))) return found;
  console.log(`skipped: there are no samples at ../shared/data/${path}`);
  return undefined;
}

/** The file's text; `undefined`, with a printed reason, when there is none. */
export function readShared(path: string): string | undefined {
  const file = fileURLToPath(new URL(path, folder));
  if (existsSync(file)) return readFileSync(file, 'utf8');
  console.log(`skipped: there are no recorded answers at ../shared/data/${path}`);
  return undefined;
}
