import { systemClock } from '../../../src/main/platform/clock.ts'
import type { Fault } from '../checker/facts.ts'
import type { ClusterNode } from '../cluster/node.ts'
import type { PlannedFault } from './plan.ts'

/** Faults as they are planned, one after the other for each node. */

export interface Victim {
  /** Null for the database. */
  node: ClusterNode | null
  database: { stop: () => Promise<void>; start: () => Promise<void> } | null
}

const START_PATIENCE_MS = 90_000

/** Does it, waits as long as it lasts, and undoes it. @returns when that was. */
export const inflict = async ({ kind, lasts, offsetMs }: PlannedFault, victim: Victim): Promise<Fault> => {
  const { node, database } = victim
  const from = systemClock.now()
  const wait = (): Promise<void> => systemClock.sleep(lasts)
  if (node === null) {
    await database?.stop()
    await wait()
    await database?.start()
  } else await inflictOn(node, kind, wait, offsetMs)
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
    case 'database restart':
      return
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
