import { systemClock } from '../../../src/main/platform/clock.ts'
import type { Fault } from '../checker/facts.ts'
import type { Client } from '../../../src/shared/client/create-client.ts'
import type { ClusterNode } from '../cluster/node.ts'
import type { PlannedFault } from './plan.ts'

/** Faults as they are planned, one after the other for each node. */

export interface Victim {
  /** Null for what happens to all of them. */
  node: ClusterNode | null
  /** Any of them may be asked for what a person does. */
  nodes: readonly ClusterNode[]
  database: { stop: () => Promise<void>; start: () => Promise<void> } | null
}

const START_PATIENCE_MS = 90_000
/** A node that stands still answers nothing. */
const ANSWER_MS = 10_000

/** Does it, waits as long as it lasts, and undoes it. @returns when that was. */
export const inflict = async ({ kind, lasts, offsetMs }: PlannedFault, victim: Victim): Promise<Fault> => {
  const { node, nodes, database } = victim
  const from = systemClock.now()
  const wait = (): Promise<void> => systemClock.sleep(lasts)
  if (node) await (kind === 'drain' ? drain(node, nodes, wait) : inflictOn(node, kind, wait, offsetMs))
  else if (kind === 'emergency stop') await emergencyStop(nodes, wait)
  else {
    await database?.stop()
    await wait()
    await database?.start()
  }
  return { kind, node: node?.name ?? null, from, to: systemClock.now() }
}

const inflictOn = async (
  node: ClusterNode,
  kind: PlannedFault['kind'],
  wait: () => Promise<void>,
  offsetMs: number,
): Promise<void> => {
  switch (kind) {
    case 'kill -9':
    case 'power loss':
      await node.kill(kind === 'kill -9' ? 'node' : 'machine')
      await wait()
      return startAgain(node)
    case 'graceful stop':
      await node.stop()
      await wait()
      return startAgain(node)
    case 'cut':
      await node.proxy.refuse()
      await wait()
      return node.proxy.accept()
    case 'half-open':
      node.proxy.mute(true)
      await wait()
      return node.proxy.mute(false)
    case 'node suspended':
    case 'machine suspended':
    case 'supervisor suspended': {
      const goOn = node.suspend(
        kind === 'node suspended' ? 'node' : kind === 'machine suspended' ? 'machine' : 'supervisor',
      )
      await wait()
      return goOn()
    }
    case 'supervisor killed':
      return node.kill('supervisor')
    case 'clock moved':
      await node.moveClock(offsetMs)
      await wait()
      return node.moveClock(0)
    case 'drain':
    case 'emergency stop':
    case 'database restart':
      throw new Error(`${kind} is not done to the processes of a node`)
  }
}

const drain = async (
  node: ClusterNode,
  nodes: readonly ClusterNode[],
  wait: () => Promise<void>,
): Promise<void> => {
  const nodeId = node.nodeId()
  await askAny(nodes, (client, signal) => client.nodes.drain({ nodeId, drain: true }, { signal }))
  await wait()
  await askAny(nodes, (client, signal) => client.nodes.drain({ nodeId, drain: false }, { signal }))
}

const emergencyStop = async (nodes: readonly ClusterNode[], wait: () => Promise<void>): Promise<void> => {
  await askAny(nodes, (client, signal) => client.cluster.stop({}, { signal }))
  await wait()
  await askAny(nodes, (client, signal) => client.cluster.resume({}, { signal }))
}

/** Asks one after the other until one has done it: any of them may be away, cut off or asleep. */
const askAny = async (
  nodes: readonly ClusterNode[],
  ask: (client: Client, signal: AbortSignal) => Promise<unknown>,
): Promise<void> => {
  const until = systemClock.monotonic() + START_PATIENCE_MS
  for (;;)
    for (const node of nodes)
      try {
        await ask(node.client(), AbortSignal.timeout(ANSWER_MS))
        return
      } catch (error) {
        if (systemClock.monotonic() > until) throw error
        await systemClock.sleep(200)
      }
}

/** As a service manager does: again and again, while the database is away. */
const startAgain = async (node: ClusterNode): Promise<void> => {
  const until = systemClock.monotonic() + START_PATIENCE_MS
  for (;;)
    try {
      return await node.start()
    } catch (error) {
      if (systemClock.monotonic() > until) throw error
      await systemClock.sleep(500)
    }
}
