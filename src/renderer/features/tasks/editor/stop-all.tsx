import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { SquareFillIcon } from '@primer/octicons-react'
import type { Task } from '../../../../shared/domain/task.ts'
import { things } from '../../../lib/format.ts'
import { toastDone } from '../../../lib/toast.ts'
import { useAct } from '../../../lib/use-act.ts'
import { useKeys } from '../../../lib/use-keys.ts'
import { Shape } from '../../../ui/state.tsx'
import { editorContext } from './store.ts'
import { stopWords } from './target-words.ts'

interface StopAllProps {
  task: Task
  refusal: string | null
  /** Several runs: asks first. */
  onAsk: () => void
}

const useStopAll = (task: Task) => {
  const { stopAll } = editorContext.useApi().getState()
  const { busy, start } = useAct(`The runs of ${task.taskName} were not stopped`)
  const stop = (): void =>
    start(async () => {
      const stopped = await stopAll()
      toastDone(stopped === 0 ? 'Nothing of it was running any more' : `Stopping ${things(stopped, 'run')}`)
    })
  return { busy, stop }
}

/** Stops a single run at once; of several it asks first. Not there while nothing runs or waits. */
export function StopAllButton({ task, refusal, onAsk }: StopAllProps) {
  const active = editorContext.useState((state) => state.active)
  const { busy, stop } = useStopAll(task)
  if (active.length === 0) return null
  const label = active.length === 1 ? 'Stop its run' : `Stop all ${active.length} runs…`
  return (
    <Tooltip label={refusal ?? label}>
      <ActionIcon
        aria-label={label}
        c="var(--failed)"
        loading={busy}
        aria-disabled={refusal !== null}
        onClick={() => {
          if (refusal === null) (active.length === 1 ? stop : onAsk)()
        }}
      >
        <SquareFillIcon size={16} />
      </ActionIcon>
    </Tooltip>
  )
}

/** What stopping all of them ends, and where. */
export function StopAll({ task, onClose }: { task: Task; onClose: () => void }) {
  const active = editorContext.useState((state) => state.active)
  const { busy, stop } = useStopAll(task)
  useKeys({ Escape: onClose })
  const all = (): void => {
    stop()
    onClose()
  }
  return (
    <section className="run-with" aria-label="Stop all runs">
      <p className="row">
        <Shape of="Stopped" size={12} />
        <span>{stopWords(active)} A script is asked to end, then its processes are ended.</span>
      </p>
      <div className="row">
        <span className="grow" />
        <Button autoFocus onClick={onClose}>
          Keep running
        </Button>
        <Button c="var(--failed)" loading={busy} disabled={active.length === 0} onClick={all}>
          Stop all
        </Button>
      </div>
    </section>
  )
}
