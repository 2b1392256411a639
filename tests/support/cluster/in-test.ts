import { expect, onTestFinished } from 'vitest'
import { check } from '../checker/check.ts'
import { FINAL, type CheckedRun, type CheckedTask, type Facts, type Fault } from '../checker/facts.ts'
import { servers } from '../databases.ts'
import { eventually } from '../eventually.ts'
import type { ServerAddress } from '../servers/server.ts'
import { startCluster, type Cluster } from './cluster.ts'
import type { NodeSettings } from './node.ts'

export { checked } from '../checker/facts.ts'

/** Clusters of real processes in tests. */

/** For `describe.each(clusterServers())('$name: …')`: those that a cluster of processes is tested on. */
export const clusterServers = (): ServerAddress[] =>
  servers().filter(({ name }) => name === 'PostgreSQL' || name === 'MariaDB')

/** Ends with the test. */
export const clusterOf = async (server: ServerAddress, nodes: NodeSettings[]): Promise<Cluster> => {
  const cluster = await startCluster(server, nodes)
  onTestFinished(() => cluster.close())
  return cluster
}

/** Nodes `n1`, `n2`, … with the same settings. */
export const alike = (count: number, settings: Omit<NodeSettings, 'name'> = {}): NodeSettings[] =>
  Array.from({ length: count }, (_, index) => ({ name: `n${index + 1}`, ...settings }))

/** All runs, once each has ended; at least `atLeast` of them. */
export const allEnded = (cluster: Cluster, atLeast: number, timeoutMs = 60_000): Promise<CheckedRun[]> =>
  eventually(async () => {
    const runs = await cluster.runs()
    return runs.length >= atLeast && runs.every(({ state }) => FINAL.has(state)) && runs
  }, timeoutMs)

export const factsOf = async (
  cluster: Cluster,
  tasks: readonly CheckedTask[],
  faults: readonly Fault[] = [],
): Promise<Facts> => ({
  ...{ tasks, faults, leaseMs: cluster.leaseMs },
  ...{ runs: await cluster.runs(), spans: await cluster.spans() },
})

/** The checker finds nothing wrong; answers what it excepts by name. */
export const expectClean = async (
  cluster: Cluster,
  tasks: readonly CheckedTask[],
  faults: readonly Fault[] = [],
): Promise<string[]> => {
  const { problems, exceptions } = check(await factsOf(cluster, tasks, faults))
  expect(problems).toEqual([])
  return exceptions.map(({ text }) => text)
}
