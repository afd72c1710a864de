import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Each has a command of its own: a real Chromium, a real cluster, the sandbox by itself, failure at every call.
    exclude: ['test/browser/**', 'test/real-cluster/**', 'test/sandbox/**', 'test/**/*.faults.test.ts'],
    testTimeout: 15_000,
    // No test keeps anything in a module, so files share their imports: that is half of the time.
    isolate: false,
    maxWorkers: 2,
    // Those that run side by side start processes of their own.
    maxConcurrency: 2,
    coverage: {
      provider: 'v8',
      include: ['src/core/**', 'src/approvals/**', 'src/expressions/**'],
      reporter: ['text-summary'],
      thresholds: { branches: 100 },
    },
  },
});
