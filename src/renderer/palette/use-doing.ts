import type { LinkKind } from '../../shared/domain/link.ts'
import type { Run } from '../../shared/domain/run.ts'
import type { SyncNode } from '../../shared/domain/sync.ts'
import type { Task } from '../../shared/domain/task.ts'
import { historyContext } from '../features/history/store.ts'
import { useNodeActs, type NodeActs } from '../features/nodes/use-node-acts.ts'
import { useSyncActs } from '../features/sync/use-sync-acts.ts'
import { useTaskActs } from '../features/tasks/use-task-acts.ts'
import { dataOf } from '../lib/loadable.ts'
import { useRouter } from '../lib/router.ts'
import { toastDone, toastError } from '../lib/toast.ts'
import { askingHref } from '../lib/use-asked.ts'
import { useCopyLink } from '../lib/use-copy-link.ts'
import { useSearchClient } from '../shell/search-client.ts'
import { syncContext } from '../shell/sync-store.ts'
import type { Item } from './item.ts'
import { useReasons, type Reasons } from './use-reasons.ts'

/** What the palette does, all of it with the functions of the views. */
export interface Doing {
  reasons: Reasons
  tasks: Pick<ReturnType<typeof useTaskActs>, 'run' | 'toggle'> & { removeNow: (task: Task) => void }
  nodes: NodeActs
  sync: { start: (nodeId: string) => void; refusalOf: (nodeId: string) => string | null }
  stopRun: (run: Run) => void
  /** Goes to the preview of taking back the task's newest change. */
  lastChange: (task: Task) => void
  copyLink: (kind: LinkKind, id: string) => void
  go: (address: string) => void
  /** An action that is a page: it asks there before anything is done. */
  goAct: (address: string, why: string | null) => Pick<Item, 'address' | 'why'>
}

export const useDoing = (): Doing => {
  const { go } = useRouter()
  const tasks = useTaskActs()
  const remove = (task: Task): void => {
    tasks.remove(task).catch((thrown: unknown) => toastError(`${task.taskName} was not deleted`, thrown))
  }
  return {
    reasons: useReasons(),
    tasks: { run: tasks.run, toggle: tasks.toggle, removeNow: remove },
    nodes: useNodeActs(),
    sync: useSync(),
    stopRun: useStopRun(),
    lastChange: useLastChange(),
    copyLink: useCopyLink(),
    go,
    goAct: (address, why) => ({ address, why }),
  }
}

const useStopRun = () => {
  const { createRunView } = historyContext.useApi().getState()
  return (run: Run): void => {
    createRunView(run.historyId)
      .getState()
      .stop()
      .then(() => toastDone(`${run.taskName} is asked to stop`))
      .catch((thrown: unknown) => toastError('The run was not stopped', thrown))
  }
}

const useLastChange = () => {
  const client = useSearchClient()
  const router = useRouter()
  return ({ taskId, taskName }: Task): void => {
    client.changes
      .list({ table: ['Tasks'], record: [taskId], limit: 1 })
      .then(({ items: [newest] }) =>
        newest
          ? router.go(askingHref(['changes', newest.changeId], 'revert'))
          : toastDone(`No change of ${taskName} is kept`),
      )
      .catch((thrown: unknown) => toastError(`The changes of ${taskName} could not be read`, thrown))
  }
}

const useSync = (): Doing['sync'] => {
  const acts = useSyncActs()
  const status = syncContext.useState((state) => dataOf(state.status))
  const nodeOf = (nodeId: string): SyncNode | undefined =>
    status?.enabled ? status.nodes.find((node) => node.nodeId === nodeId) : undefined
  return {
    start: (nodeId) => {
      const node = nodeOf(nodeId)
      if (node) acts.sync(node)
    },
    refusalOf: (nodeId) =>
      acts.refusal ?? (nodeOf(nodeId) ? null : (status?.reason ?? 'This node keeps no replica.')),
  }
}
