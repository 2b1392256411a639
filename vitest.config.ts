import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    environment: 'node',
    // Each file in a process of its own: tests start nodes, kill them, and move the clock.
    pool: 'forks',
    isolate: true,
    // Two: the tests are measured on two cores, and their child processes want some too.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 20_000,
  },
})
