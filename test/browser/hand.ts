/** A person at the page: finds things by what they are called, as people and screen readers do. */
import type { Locator, Page } from 'playwright-core';

/** Real milliseconds; the browser and the box share two cores. */
const patienceMs = 8_000;

export interface Hand {
  readonly page: Page;
  /** The pane of one person, in split view one of two. */
  readonly pane: Locator;
  /** Types a line into the channel's composer and presses Enter. */
  say(line: string): Promise<void>;
  sees(text: string | RegExp): Promise<void>;
  button(name: string | RegExp): Locator;
  readonly dialog: Locator;
}

export function handOf(page: Page, person = 'U0DANA'): Hand {
  page.setDefaultTimeout(patienceMs);
  const pane = page.locator(`.pane[data-person="${person}"]`);
  const composer = pane.getByRole('textbox', { name: /^Message / });
  return {
    page,
    pane,
    async say(line) {
      await composer.fill(line);
      await composer.press('Enter');
    },
    async sees(text) {
      await pane.getByText(text).last().waitFor();
    },
    button: (name) => pane.getByRole('button', { name, exact: typeof name === 'string' }),
    dialog: pane.getByRole('dialog'),
  };
}
