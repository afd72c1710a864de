/** A real Chromium for the browser tests, or a sentence that says how to get one. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const usualPlaces = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** The Chromium that CHROMIUM_PATH names, or the first found on this machine, or `undefined`. */
export function findChromium(): string | undefined {
  const named = process.env.CHROMIUM_PATH;
  const places = named ? [named] : usualPlaces;
  return places.find((path) => existsSync(path));
}

const noChromium =
  'No Chromium was found, so the browser tests do not run. ' +
  'Install one (Debian: apt-get install chromium), or point CHROMIUM_PATH to it.';

/** Vitest's global setup: says once why everything is skipped. */
export default function sayWhenMissing(): void {
  if (findChromium() === undefined) process.stderr.write(`\n${noChromium}\n\n`);
}

/** @throws Error that says how to get one, when there is no Chromium. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    throw new Error(noChromium);
  }
  return chromium.launch({
    executablePath,
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
}
