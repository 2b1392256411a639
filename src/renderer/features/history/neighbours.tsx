import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { ArrowLeftIcon, ArrowRightIcon, DiffIcon } from '@primer/octicons-react'
import { useStore, type StoreApi } from 'zustand'
import type { Run } from '../../../shared/domain/run.ts'
import { href, useRouter } from '../../lib/router.ts'
import { useCommands } from '../../lib/use-commands.ts'
import { Keys } from '../../ui/text.tsx'
import type { RunViewState } from './run-store.ts'

/** The runs of the same task before and after this one, and the comparison with the one before. */
export function Neighbours({ run, store }: { run: Run; store: StoreApi<RunViewState> }) {
  const others = useStore(store, (state) => state.others)
  const router = useRouter()
  const at = others.findIndex(({ historyId }) => historyId === run.historyId)
  // Newest first; one that is not among them is older than all.
  const older = at < 0 ? undefined : others[at + 1]
  const newer = at < 0 ? others.at(-1) : others[at - 1]
  const go = (other: Run | undefined) => other && (() => router.go(href(['history', other.historyId])))
  const compare = older && (() => router.go(href(['history', run.historyId], { compare: older.historyId })))
  useCommands('run', { older: go(older), newer: go(newer), compare })
  return (
    <>
      <Tooltip label="The run before ( [ )">
        <ActionIcon aria-label="The run before" disabled={!older} onClick={go(older)}>
          <ArrowLeftIcon size={16} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="The run after ( ] )">
        <ActionIcon aria-label="The run after" disabled={!newer} onClick={go(newer)}>
          <ArrowRightIcon size={16} />
        </ActionIcon>
      </Tooltip>
      <Button
        leftSection={<DiffIcon size={14} />}
        rightSection={<Keys of="C" />}
        aria-keyshortcuts="c"
        disabled={!older}
        onClick={compare}
      >
        Compare
      </Button>
    </>
  )
}
