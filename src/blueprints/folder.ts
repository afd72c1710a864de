/** The files of a folder on this machine. The one file here that touches a disk. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { cutShort } from '../documents/cut-short.ts';
import { documentLimits, type Read, type Source } from '../documents/document.ts';
import { reasonOf } from '../documents/read-safely.ts';
import { type BlueprintFiles, blueprintFilesMax, isTaken } from './read-blueprints.ts';

/** `name` is how people know it: `data/blueprints`. */
export async function readFolder(path: string, name: string): Promise<Read<BlueprintFiles>> {
  try {
    const names = (await readdir(path)).filter(isTaken).sort();
    if (names.length > blueprintFilesMax)
      return refuse(name, `There are more than ${blueprintFilesMax} files.`);
    const files = await Promise.all(names.map((file) => readOne(join(path, file), `${name}/${file}`)));
    const cut = files.filter(({ file }) => !file.endsWith('.json')).flatMap((one) => cutShort(one) ?? []);
    if (cut.length > 0) return { ok: false, mistakes: cut };
    return {
      ok: true,
      value: new Map(names.map((file, index) => [file, files[index] ?? { file, text: '' }])),
    };
  } catch (error) {
    return refuse(name, `The folder cannot be read: ${reasonOf(error)}.`);
  }
}

async function readOne(path: string, file: string): Promise<Source> {
  const { size } = await stat(path);
  if (size > documentLimits.lengthMax) throw new Error(`${file} is far too large`);
  return { file, text: await readFile(path, 'utf8') };
}

function refuse(file: string, message: string): Read<BlueprintFiles> {
  return { ok: false, mistakes: [{ file, line: 1, column: 1, message }] };
}
