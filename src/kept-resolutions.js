/**
 * Where the libraries' files lie, kept from one start to the next beside the compiled code (quick-start.js): a tenth of a
 * second (Node 24.21). What npm has installed since makes it start anew, and nothing else moves them.
 */
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';

const libraries = new URL('../node_modules/', import.meta.url);
const file = new URL('.cache/greenlight/resolutions.json', libraries);

/**
 * @typedef {import('node:module').ResolveFnOutput} Resolution
 * @typedef {{ stamp: string, known: Record<string, Resolution> }} Kept
 */

/** What npm writes whenever it installs; the same files are found in another way by another Node. */
function stampNow() {
  const { mtimeMs, size } = statSync(new URL('.package-lock.json', libraries));
  return `${process.version} ${libraries.href} ${mtimeMs} ${size}`;
}

/** @returns {Kept | undefined} */
function read() {
  try {
    const stamp = stampNow();
    try {
      const kept = /** @type {Kept} */ (JSON.parse(readFileSync(file, 'utf8')));
      if (kept.stamp === stamp && kept.known) return kept;
    } catch {
      // The first start, or half a file.
    }
    return { stamp, known: {} };
  } catch {
    // Not installed by npm: nobody says when something moves.
    return undefined;
  }
}

const kept = read();
let isNew = false;

/**
 * @param {string} specifier
 * @param {string} parent its URL
 * @param {readonly string[]} conditions
 * @param {() => Resolution} find
 * @returns {Resolution}
 */
export function resolution(specifier, parent, conditions, find) {
  const isOurs = !parent.startsWith(libraries.href);
  // Of our own files only what they take from the libraries: where those lie is plain (quick-start.js).
  if (!kept || (isOurs && specifier.startsWith('.'))) return find();
  const folder = isOurs ? '' : parent.slice(libraries.href.length, parent.lastIndexOf('/'));
  const key = `${conditions.includes('require') ? 'require' : 'import'} ${specifier} ${folder}`;
  const known = kept.known[key];
  if (known) return { ...known, shortCircuit: true };
  const { url, format } = find();
  isNew = true;
  kept.known[key] = { url, format };
  return { url, format };
}

/** For the next start; where nobody may write, nothing is kept. */
export function keepResolutions() {
  if (!kept || !isNew) return;
  isNew = false;
  try {
    mkdirSync(new URL('.', file), { recursive: true });
    // In one go: another process may read it at this moment.
    const whole = new URL(`resolutions.${process.pid}.json`, file);
    writeFileSync(whole, JSON.stringify(kept));
    renameSync(whole, file);
  } catch {
    // It is as quick without it as it was now.
  }
}
