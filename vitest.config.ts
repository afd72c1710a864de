import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Each has a command of its own: a real Chromium, a real cluster, the sandbox by itself, failure at every call.
    exclude: ['test/browser/**', 'test/real-cluster/**', 'test/sandbox/**', 'test/**/*.faults.test.ts'],
    setupFiles: ['test/same-seed.ts'],
    globalSetup: ['test/postgres/global-setup.ts'],
    testTimeout: 15_000,
    // No test keeps anything in a module, so files share their imports: that is half of the time.
    isolate: false,
    // Node runs the sources as it runs them in `npm start`. Counting branches needs Vite's own way: `npm run check`.
    experimental: { viteModuleRunner: false },
    maxWorkers: 2,
    // Whole bots come and go: more room for what is young means that it is collected less often.
    execArgv: ['--max-semi-space-size=64'],
    // Those that run side by side start processes of their own.
    maxConcurrency: 2,
    coverage: {
      // V8's own counters are lost when it optimises a function that another file's tests ran hot.
      provider: 'istanbul',
      include: ['src/{core,approvals,expressions}/**/*.ts'],
      reporter: ['text-summary'],
      thresholds: { branches: 100 },
    },
  },
});
