import { describe } from 'vitest';
import { findChromium } from './browser.ts';

/** `describe` for what needs a Chromium: skipped without one. */
export const describeInBrowser = describe.skipIf(findChromium() === undefined);
