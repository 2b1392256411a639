import { Button } from '@mantine/core'
import { things } from '../lib/format.ts'
import { useKeys } from '../lib/use-keys.ts'

interface LeaveBarProps {
  changed: number
  onLeave: () => void
  onStay: () => void
}

/** In the place of a save bar while somebody is about to leave what was typed. */
export function LeaveBar({ changed, onLeave, onStay }: LeaveBarProps) {
  useKeys({ Escape: onStay })
  return (
    <div className="savebar leaving" role="alertdialog" aria-label="Unsaved changes">
      <b className="grow">{things(changed, 'unsaved change')} would be lost.</b>
      <Button autoFocus onClick={onStay}>
        Stay
      </Button>
      <Button c="var(--failed)" onClick={onLeave}>
        Leave without saving
      </Button>
    </div>
  )
}
