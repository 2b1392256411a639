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
    // One more than the two cores they are measured on: whoever waits for leases leaves room for another.
    maxWorkers: 3,
    sequence: { sequencer: SpreadWaiting },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 20_000,
  },
})
