/** How `npm start` starts the bot, read where it says so: what is measured or killed here runs with the same flags. */
import { readFileSync } from 'node:fs';

const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  readonly scripts: Readonly<Record<'start', string>>;
};
const [, ...words] = scripts.start.split(' ');

/** Of Node. */
export const startFlags: readonly string[] = words.slice(0, -1);
/** From the root of the project. */
export const startFile = words.slice(-1).join();
