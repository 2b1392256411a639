import { useEffect } from 'react'
import { useStore } from 'zustand'
import { ErrorView } from '../../../ui/error-view.tsx'
import { SkeletonRows } from '../../../ui/skeleton-rows.tsx'
import { Section } from '../../../ui/text.tsx'
import { settingsContext } from '../store.ts'
import { CreateLock } from './create-lock.tsx'
import { LockLine } from './lock-line.tsx'

/** How often a group that runs come and go in is counted again. */
const RENEWED_MS = 5000

/** The lock groups of the cluster: how much room each has, who is in it, and which tasks name it. */
export function Locks() {
  const store = settingsContext.useState((state) => state.locks)
  const locks = useStore(store, (state) => state.locks)
  const { load } = store.getState()
  useEffect(() => {
    void load()
    const timer = setInterval(() => void load(), RENEWED_MS)
    return () => clearInterval(timer)
  }, [load])
  if (locks.status === 'failed')
    return (
      <ErrorView what="The lock groups could not be read" error={locks.error} onRetry={() => void load()} />
    )
  if (locks.status !== 'ready') return <SkeletonRows rows={4} />
  return (
    <Section title="Groups" count={locks.data.length}>
      <p className="t3 small locks-what">
        Tasks that name a group share its room, on all nodes: a run waits while the group is full. Tasks name
        theirs in their limits.
      </p>
      {locks.data.length > 0 && (
        <div className="locks" role="table" aria-label="Lock groups">
          <div className="locks-row locks-head" role="row">
            <span role="columnheader">Name</span>
            <span role="columnheader">At once</span>
            <span role="columnheader">Running</span>
            <span role="columnheader">Tasks</span>
            <span role="columnheader">What for</span>
            <span role="columnheader">
              <span className="hidden-text">Acts</span>
            </span>
          </div>
          {locks.data.map((lock) => (
            <LockLine key={lock.lockId} lock={lock} />
          ))}
        </div>
      )}
      <CreateLock />
    </Section>
  )
}
