import { isoOf, systemClock } from '../../../src/main/platform/clock.ts'
import { check } from '../checker/check.ts'
import { FINAL, type Facts, type Fault, type Findings } from '../checker/facts.ts'
import { startCluster, type Cluster } from '../cluster/cluster.ts'
import { eventually } from '../eventually.ts'
import type { ServerAddress } from '../servers/server.ts'
import { inflict, type Victim } from './inflict.ts'
import { planFaults, type PlannedFault } from './plan.ts'
import { createWork, expectedOf } from './work.ts'

/** A cluster under random faults for a while, and the checker's verdict on it. */

export interface SoakOptions {
  server: ServerAddress
  /** Ends and starts the server; null: it is shared, and left alone. */
  database: Victim['database']
  seed: number
  lengthMs: number
  say: (line: string) => void
}

export interface Verdict extends Findings {
  facts: Facts
  /** What the nodes wrote, by name. */
  logs: Record<string, string>
}

const LEASE_SECONDS = 4
/** From the creation of tasks to their first slot. */
const AHEAD_MS = 6_000
/** After the last fault: leases end, retries wait, what was missed is caught up with. */
const SETTLE_MS = 150_000

export const soak = async (options: SoakOptions): Promise<Verdict> => {
  const { server, seed, lengthMs, say } = options
  const settings = { leaseSeconds: LEASE_SECONDS, capacity: 8 }
  const cluster = await startCluster(server, [
    { name: 'n1', group: 'blue', ...settings },
    { name: 'n2', group: 'blue', role: 'worker', ...settings },
    { name: 'n3', group: 'green', role: 'worker', ...settings },
    { name: 'n4', ...settings },
  ])
  try {
    const begin = systemClock.now() + AHEAD_MS
    const tasks = await createWork(cluster, { start: isoOf(begin), end: isoOf(begin + lengthMs) })
    await systemClock.sleep(Math.max(0, begin - systemClock.now()))
    const nodes = cluster.nodes.map(({ name }) => name)
    const plan = planFaults({
      ...{ seed, nodes, lengthMs, leaseMs: LEASE_SECONDS * 1000, database: options.database !== null },
    })
    const faults = await carryOut(cluster, plan, options)
    await systemClock.sleep(Math.max(0, begin + lengthMs - systemClock.now()))
    say('waiting for the last runs')
    await settled(cluster).catch((error: unknown) => say(`not all runs ended: ${String(error)}`))
    const expected = await expectedOf(cluster, tasks)
    const facts = {
      ...{ tasks: expected, runs: await cluster.runs(), spans: await cluster.spans() },
      ...{ faults, leaseMs: cluster.leaseMs },
    }
    const logs = Object.fromEntries(cluster.nodes.map((node) => [node.name, node.log()]))
    return { facts, logs, ...check(facts) }
  } finally {
    await cluster.close()
  }
}

const carryOut = async (
  cluster: Cluster,
  plan: readonly PlannedFault[],
  { database, say }: SoakOptions,
): Promise<Fault[]> => {
  const begin = systemClock.monotonic()
  const faults: Fault[] = []
  const of = async (name: string | null): Promise<void> => {
    const node = cluster.nodes.find((one) => one.name === name) ?? null
    for (const planned of plan.filter((fault) => fault.node === name)) {
      await systemClock.sleep(Math.max(0, planned.at - (systemClock.monotonic() - begin)))
      const at = Math.round((systemClock.monotonic() - begin) / 1000)
      say(`${at} s: ${name ?? 'all'}: ${planned.kind}, ${(planned.lasts / 1000).toFixed(1)} s`)
      faults.push(await inflict(planned, { node, nodes: cluster.nodes, database }))
    }
  }
  await Promise.all([...cluster.nodes.map(({ name }) => of(name)), of(null)])
  return faults
}

/** Every slot was made, and every run has ended. */
const settled = (cluster: Cluster): Promise<true> =>
  eventually(async () => {
    const rows = await cluster.db.read.selectFrom('Task_Schedule').select('nextRun').execute()
    const runs = await cluster.runs()
    return rows.every(({ nextRun }) => nextRun === null) && runs.every(({ state }) => FINAL.has(state))
  }, SETTLE_MS)
