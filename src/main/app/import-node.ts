import { writeConfigKey } from '../config/yaml-file.ts'
import { moveClusterKeys } from '../data/repos/keys.ts'
import { moveNodeState } from '../data/repos/node-states.ts'
import { findNode } from '../data/repos/nodes.ts'
import { adoptNodeId } from '../platform/node-identity.ts'
import type { ImportDeps } from '../services/import.ts'
import type { Core } from './core.ts'

const ADOPTION = { actor: 'system', reason: 'WebServer.guid of the imported installation' }

/** What an import may change of the node itself: its script roots and, before it ever registered, its id. */
export const importNode = (core: Core): Pick<ImportDeps, 'node' | 'scriptRoots' | 'addScriptRoots'> => {
  const registered = async (): Promise<boolean> =>
    (await findNode(core.db.read, core.identity.nodeId)) !== undefined
  return {
    scriptRoots: core.scriptRoots,
    addScriptRoots: async (roots) => {
      const all = [...new Set([...core.scriptRoots(), ...roots])]
      await writeConfigKey(core.config.file, ['execution', 'scriptRoots'], all)
      core.setScriptRoots(all)
    },
    node: {
      nodeId: () => core.identity.nodeId,
      canAdopt: async () => !(await registered()),
      adopt: async (nodeId) => {
        if (await registered()) return false
        await core.db.write(ADOPTION, async (tx) => {
          await moveClusterKeys(tx, core.identity.nodeId, nodeId)
          await moveNodeState(tx, core.identity.nodeId, nodeId)
        })
        await adoptNodeId(core.config.dataDir.nodeFile, nodeId)
        return true
      },
    },
  }
}
