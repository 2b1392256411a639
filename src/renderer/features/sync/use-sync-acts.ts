import { useState } from 'react'
import type { SyncNode } from '../../../shared/domain/sync.ts'
import { useRefusal } from '../../lib/role.ts'
import { toastDone, toastError } from '../../lib/toast.ts'
import { syncContext } from '../../shell/sync-store.ts'

/** What can be done to a node's replica, with what the person sees of it. */
export const useSyncActs = () => {
  const { trigger } = syncContext.useApi().getState()
  const refusal = useRefusal('admin')
  const [busy, setBusy] = useState<string | null>(null)
  const start = async (node: SyncNode, bootstrap: boolean): Promise<void> => {
    setBusy(node.nodeId)
    try {
      await trigger(node.nodeId, bootstrap)
      toastDone(doneWords(node, bootstrap))
    } catch (thrown) {
      toastError(`${node.nodeName} did not sync`, thrown)
    } finally {
      setBusy(null)
    }
  }
  return {
    refusal,
    /** The node that was asked and has not answered, by id. */
    busy,
    sync: (node: SyncNode): void => void start(node, false),
    copyAnew: (node: SyncNode): void => void start(node, true),
  }
}

const doneWords = ({ nodeName, isSelf }: SyncNode, bootstrap: boolean): string => {
  if (isSelf) return bootstrap ? `${nodeName} read everything anew` : `${nodeName} is synced`
  return bootstrap
    ? `${nodeName} reads everything anew at its next look, within seconds`
    : `${nodeName} syncs at its next look, within seconds`
}

export type SyncActs = ReturnType<typeof useSyncActs>
