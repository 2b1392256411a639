import { startEngineNode, type EngineNode } from './engine.ts'
import type { Home } from './homes.ts'
import { admin } from './node.ts'

/** Whole nodes of one cluster, each in this process and on a data folder of its own. */
export interface NodesOfOne {
  nodes: EngineNode[]
  /** Where the n-th of them is known by others. */
  id(index: number): Promise<string>
  /** Puts a script on every one of them. */
  script(name: string, text: string): Promise<string>
}

/** So slow that nothing here happens by a heartbeat or a poll: what does was noticed. */
const SLOW: Record<string, number> = { heartbeatSeconds: 10, leaseSeconds: 30, pollSeconds: 5 }

export const startNodes = async (home: Home, count: number, settings = SLOW): Promise<NodesOfOne> => {
  let config = await home.config()
  for (const [key, value] of Object.entries(settings))
    config = config.replace(new RegExp(`${key}: \\d+`), `${key}: ${value}`)
  const nodes: EngineNode[] = []
  // One after the other: the first makes the schema.
  for (let index = 0; index < count; index += 1) nodes.push(await startEngineNode({ config }))
  return {
    nodes,
    id: async (index) => {
      const { items } = (await nodes[index]?.services.nodes.list(admin, { limit: 100 })) ?? { items: [] }
      const own = items.find((node) => node.isThisNode)
      if (!own) throw new Error(`there is no node ${index}`)
      return own.nodeId
    },
    script: async (name, text) => {
      for (const node of nodes) await node.script(name, text)
      return name
    },
  }
}
