/** A newer version of the whole project in a folder of its own: this one, with more migrations. */
import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { migrationNames } from '../../src/store/migrate.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * @param folder is made.
 * @param ups the body of each migration that it has more, which has `db`, `sql`, `raiseFloor` and its own `name`.
 */
export async function makeNextVersion(folder: string, ...ups: readonly string[]): Promise<void> {
  const isOfNoRun = (path: string) => !/\.db(-wal|-shm)?$/.test(path);
  for (const part of ['src', 'data', 'package.json']) {
    await cp(join(root, part), join(folder, part), { recursive: true, filter: isOfNoRun });
  }
  await shareLibraries(folder);
  for (const [index, up] of ups.entries()) {
    await addMigration(join(folder, 'src/store'), migrationNames.length + index + 1, up);
  }
}

/** Each by itself: what is compiled of the copy is kept beside them, and not among what this version has compiled. */
async function shareLibraries(folder: string): Promise<void> {
  const libraries = join(folder, 'node_modules');
  await mkdir(libraries);
  for (const name of await readdir(join(root, 'node_modules'))) {
    if (!name.startsWith('.')) await symlink(join(root, 'node_modules', name), join(libraries, name));
  }
}

async function addMigration(store: string, number: number, up: string): Promise<void> {
  const name = `${String(number).padStart(4, '0')}-next`;
  await writeFile(join(store, 'migrations', `${name}.ts`), migration(name, up));
  const list = join(store, 'migrate.ts');
  const known = await readFile(list, 'utf8');
  const longer = known
    .replace(/^import /m, `import { up as next${number} } from './migrations/${name}.ts';\nimport `)
    .replace(/^(const migrations: [\s\S]*?)^\};/m, `$1  '${name}': next${number},\n};`);
  if (longer.split(`next${number}`).length !== 3)
    throw new Error('migrate.ts lists its migrations otherwise');
  await writeFile(list, longer);
}

function migration(name: string, up: string): string {
  return `import { type Kysely, sql } from 'kysely';
import { raiseFloor } from '../schema-floor.ts';

export async function up(db: Kysely<unknown>): Promise<void> {
  const name = '${name}';
  ${up}
}
`;
}
