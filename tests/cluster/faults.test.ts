import { describe, expect, it } from 'vitest'
import { clusterServers } from '../support/cluster/in-test.ts'
import { soak } from '../support/soak/soak.ts'
import { tableOf } from '../support/soak/table.ts'

/**
 * The short form of `npm run soak`: its faults but the server's, which is shared; a new seed each time, told in the name
 * of the test. PSWEBHOST_SOAK_SEED takes one again.
 */

const LENGTH_MS = 35_000
const seed = Number(process.env['PSWEBHOST_SOAK_SEED'] ?? Date.now() % 1_000_000)

describe.each(clusterServers())('$name: four nodes under random faults', (server) => {
  it(`lose no slot and double none (seed ${seed})`, { timeout: 300_000 }, async () => {
    const told: string[] = []
    const verdict = await soak({
      server,
      database: null,
      seed,
      lengthMs: LENGTH_MS,
      say: (line) => told.push(line),
    })
    const report = [...told, ...tableOf(verdict), ...verdict.exceptions.map(({ text }) => text)].join('\n')
    expect(verdict.problems, report).toEqual([])
    expect(verdict.facts.faults.length).toBeGreaterThan(5)
    expect(verdict.facts.runs.length).toBeGreaterThan(80)
  })
})
