/** This machine: the version of Node, room on the disk, and the right to write. */
import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { DatabasePlace } from '../../store/open-store.ts';
import { type Finding, failure, findings, warning, well } from './finding.ts';

/** The sources run as they are, which takes the type stripping of this version. */
const nodeMin = 24;
const mega = 1_000_000;
/** Below the first everything may stop within a day, below the second at any moment. */
const freeBytes = { warn: 1_000 * mega, fail: 100 * mega } as const;
/** Some hundred times what SQLite lets it grow to by itself (1,000 pages): somebody reads and never ends. */
const walBytesMax = 400 * mega;

export async function checkMachine(dataFolder: string, place?: DatabasePlace): Promise<readonly Finding[]> {
  return [
    nodeFinding(process.versions.node),
    ...(await findings('disk', async () => checkFolder(dataFolder))),
    ...(place && 'file' in place
      ? await findings('disk', async () => checkFile(place.file, dataFolder))
      : []),
  ];
}

function nodeFinding(version: string): Finding {
  return Number(version.split('.')[0]) >= nodeMin
    ? well('node', `Node ${version}.`)
    : failure(
        'node',
        `Node ${version} is too old.`,
        `Take ${nodeMin} or later: \`npm ci\` brings one along.`,
      );
}

function checkFolder(folder: string): readonly Finding[] {
  if (!existsSync(folder)) {
    return [
      failure(
        'disk',
        `There is no folder ${folder}.`,
        'Set GREENLIGHT_DATA_DIR to where policy.yml and catalog.yml are.',
      ),
    ];
  }
  return [roomFinding(folder)];
}

function checkFile(file: string, dataFolder: string): readonly Finding[] {
  const folder = dirname(resolve(file));
  const found: Finding[] = [];
  for (const path of [folder, file]) {
    if (!existsSync(path) || mayWrite(path)) continue;
    const next = 'Run this as the user of the bot; if it is, give that user the right to write there.';
    found.push(failure('disk', `This user may not write to ${path}.`, next));
  }
  const wal = statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  if (wal > walBytesMax) {
    const next = 'Something reads the database and never ends: find it and stop it, or start the bot anew.';
    found.push(warning('disk', `${file}-wal has grown to ${Math.round(wal / mega)} MB.`, next));
  }
  const isTold = resolve(dataFolder) === folder;
  if (existsSync(folder) && !isTold) found.push(roomFinding(folder));
  return found;
}

function mayWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function roomFinding(folder: string): Finding {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const sentence = `${Math.round(free / mega)} MB are free at ${folder}.`;
  if (free >= freeBytes.warn) return well('disk', sentence);
  return (free < freeBytes.fail ? failure : warning)(
    'disk',
    sentence,
    'Make room: a database that cannot grow stops the bot.',
  );
}
