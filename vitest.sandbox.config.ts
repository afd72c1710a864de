import { defineConfig } from 'vitest/config';

/** The sandbox by itself, held against the real things: `npm run test:sandbox`. */
export default defineConfig({
  test: {
    include: ['test/sandbox/**/*.test.ts'],
    setupFiles: ['test/same-seed.ts'],
    testTimeout: 15_000,
    isolate: false,
    experimental: { viteModuleRunner: false },
    maxWorkers: 2,
    maxConcurrency: 2,
  },
});
