import { defineConfig } from 'vitest/config';

/** Failure injected at every outside call of every action, and processes killed: `npm run test:faults`. */
export default defineConfig({
  test: {
    include: ['test/**/*.faults.test.ts'],
    setupFiles: ['test/same-seed.ts'],
    globalSetup: ['test/postgres/global-setup.ts'],
    testTimeout: 240_000,
    isolate: false,
    experimental: { viteModuleRunner: false },
    maxWorkers: 2,
    maxConcurrency: 2,
  },
});
