import { defineConfig } from 'vitest/config'
import { SpreadWaiting } from './tests/support/spread-waiting.ts'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    environment: 'node',
    // The database servers that tests run on are started once for all of them.
    globalSetup: ['tests/support/servers/global-setup.ts'],
    // Each file in a process of its own: tests start nodes, kill them, and move the clock.
    pool: 'forks',
    isolate: true,
    // Two: the tests are measured on two cores, and their child processes want some too.
    maxWorkers: 2,
    sequence: { sequencer: SpreadWaiting },
    // Machines are noisy: this is for tests that hang.
    testTimeout: 60_000,
    expect: { poll: { timeout: 15_000 } },
    hookTimeout: 60_000,
    teardownTimeout: 20_000,
  },
})
