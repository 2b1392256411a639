import { Button } from '@mantine/core'
import type { DatabaseProbe } from '../../../../shared/domain/database.ts'
import type { CurrentDatabase } from '../../../../shared/domain/database-target.ts'
import { Dialog } from '../../../ui/dialog.tsx'
import { Code, Keys } from '../../../ui/text.tsx'
import { databaseContext } from './store.ts'

interface SwitchDialogProps {
  current: CurrentDatabase
  probe: DatabaseProbe
  onClose: () => void
}

/** Asked before app.yaml names another database: what that does to this node's data, and what it does not. */
export function SwitchDialog({ current, probe, onClose }: SwitchDialogProps) {
  const busy = databaseContext.useState((state) => state.busy)
  const copying = databaseContext.useState((state) => state.copying)
  const { switchTo, copy } = databaseContext.useApi().getState()
  const isCopied = copying?.state === 'done' && copying.to === probe.where
  const isCopying = copying?.state === 'running'
  const isElsewhere = probe.where !== current.running
  const change = (): void => {
    // How it went stands on the page: that a restart is needed, or why not.
    void switchTo().then(onClose)
  }
  const copyFirst = (): void => {
    onClose()
    void copy()
  }
  return (
    <Dialog
      title={`Switch to ${probe.where}?`}
      onClose={onClose}
      keys={{ 'Ctrl+Enter': busy ? undefined : change }}
    >
      {isElsewhere && (
        <p>
          <b>Nothing is moved.</b> Tasks, runs and changes of this node stay in {current.running}.{' '}
          <There probe={probe} isCopied={isCopied} />
        </p>
      )}
      <p>
        The node goes on as it is until it is restarted. What app.yaml says now stays in{' '}
        <Code>{current.file}.before-switch</Code>; put back in its place, it undoes the switch.
      </p>
      <div className="row dialog-acts">
        <Button data-autofocus onClick={onClose}>
          Cancel
        </Button>
        <span className="grow" />
        {isElsewhere && !isCopied && !isCopying && <Button onClick={copyFirst}>Copy the data first</Button>}
        <Button
          variant="filled"
          loading={busy === 'switch'}
          rightSection={<Keys of="Ctrl Enter" />}
          aria-keyshortcuts="Control+Enter"
          onClick={change}
        >
          Switch
        </Button>
      </div>
    </Dialog>
  )
}

/** What the node will find there. */
function There({ probe, isCopied }: { probe: DatabaseProbe; isCopied: boolean }) {
  if (isCopied) return <>They were copied there; what changed since the copy began is not in it.</>
  return probe.schemaNeeds === 'create' ? (
    <>The other one is empty: after the restart this node has no tasks until they are copied or imported.</>
  ) : (
    <>The other one has tables already: after the restart this node works with what is in them.</>
  )
}
