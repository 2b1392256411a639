import { defineConfig } from 'vitest/config'

/* Run by `npm run test:package` alone: these tests install a package on the machine, for real. */
export default defineConfig({
  test: {
    include: ['tests/package/**/*.installed.ts'],
    environment: 'node',
    // One package, one machine: each step starts from what the one before left.
    fileParallelism: false,
    sequence: { concurrent: false, shuffle: false },
    bail: 1,
    testTimeout: 300_000,
    hookTimeout: 120_000,
  },
})
