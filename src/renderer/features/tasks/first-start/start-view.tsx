import { useEffect } from 'react'
import { useRefusal } from '../../../lib/role.ts'
import { href, useRouter } from '../../../lib/router.ts'
import { unless, useCommands } from '../../../lib/use-commands.ts'
import { ErrorView } from '../../../ui/error-view.tsx'
import { SkeletonRows } from '../../../ui/skeleton-rows.tsx'
import { queryOf } from '../query.ts'
import { tasksContext } from '../store.ts'
import { FirstStart } from './first-start.tsx'

const ALL = queryOf(new URLSearchParams())

/** The first steps at an address of their own, for whoever comes back to them when there are tasks already. */
export function StartView() {
  const list = tasksContext.useState((state) => state.list)
  const { show, refresh } = tasksContext.useApi().getState()
  const router = useRouter()
  const refusal = useRefusal('admin')
  useCommands('tasks', { create: unless(refusal, () => router.go(href(['tasks', 'new']))) })
  useEffect(() => void show(ALL), [show])
  if (list.status === 'failed')
    return <ErrorView what="The tasks could not be read" error={list.error} onRetry={() => void refresh()} />
  return list.status === 'ready' ? <FirstStart tasks={list.data.items} /> : <SkeletonRows />
}
