import { useStore, type StoreApi } from 'zustand'
import type { ChangeDetail } from '../../../shared/domain/change.ts'
import { href } from '../../lib/router.ts'
import { Section } from '../../ui/text.tsx'
import { ChangeLine } from './change-line.tsx'
import type { ChangeViewState } from './change-store.ts'

/** Everything that happened to the record, newest first; the change that is looked at is marked. */
export function Timeline({ change, store }: { change: ChangeDetail; store: StoreApi<ChangeViewState> }) {
  const { items, nextCursor } = useStore(store, (state) => state.timeline)
  if (items.length === 0) return null
  return (
    <Section
      title="All changes of this record"
      aside={
        <a
          className="link"
          href={href(['changes', change.changeId], { record: change.recordId, table: change.tableName })}
        >
          Only these in the log
        </a>
      }
    >
      <ul className="related">
        {items.map((one) => (
          <ChangeLine key={one.changeId} change={one} here={one.changeId === change.changeId} />
        ))}
      </ul>
      {nextCursor !== null && (
        <button type="button" className="link" onClick={() => void store.getState().moreTimeline()}>
          Show older ones
        </button>
      )}
    </Section>
  )
}
