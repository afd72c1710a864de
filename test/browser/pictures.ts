/** Screenshots of the stories: taken only on request, so that a usual run changes no file. */
import { writeFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import UPNG from 'upng-js';

const folder = new URL('screenshots/', import.meta.url);
const isWanted = process.env.UPDATE_SCREENSHOTS === '1';

/** Enough for flat surfaces and smooth letters, and a third of the bytes: they live in the repository for ever. */
const colours = 96;

/** `UPDATE_SCREENSHOTS=1 npm run test:browser` takes them. */
export async function picture(page: Page, name: string): Promise<void> {
  if (!isWanted) return;
  // Nothing under the pointer, and no cursor that blinks.
  await page.mouse.move(700, 4);
  const taken = await page.screenshot({ animations: 'disabled', caret: 'hide' });
  const image = UPNG.decode(new Uint8Array(taken).buffer);
  const reduced = UPNG.encode(UPNG.toRGBA8(image), image.width, image.height, colours);
  await writeFile(new URL(name, folder), new Uint8Array(reduced));
}
