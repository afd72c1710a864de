import { defineConfig } from 'vitest/config';

/** What Greenlight does with a cluster, against the one that `GREENLIGHT_TEST_KUBECONFIG` names: `npm run test:cluster`. */
export default defineConfig({
  test: {
    include: ['test/real-cluster/**/*.test.ts'],
    testTimeout: 300_000,
    hookTimeout: 120_000,
    maxWorkers: 1,
  },
});
