import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import { href } from '../../lib/router.ts'
import { CopyLink } from '../../ui/copy-link.tsx'
import { useAsked } from '../../lib/use-asked.ts'
import { Keys } from '../../ui/text.tsx'
import { SmallForm } from './fact-forms.tsx'
import type { PanelPartProps } from './node-panel.tsx'
import { RetireDialog } from './retire-dialog.tsx'

/** What can be done to the node that is open. */
export function PanelActs(props: PanelPartProps) {
  const { node, cells, field, setField } = props
  const { acts } = cells
  const [retiring, setRetiring] = useState(false)
  const { operator, admin } = acts.refusal
  const isRetired = node.state === 'Retired'
  useAsked('drain', () => {
    if (!node.isDraining) acts.toggleDrain(node, () => setField('draining'))
  })
  useAsked('retire', () => {
    if (admin === null && !node.isThisNode) setRetiring(true)
  })
  if (field === 'draining' && !node.isDraining && !isRetired && operator === null)
    return <DrainForm {...props} />
  return (
    <div className="row node-acts">
      {!isRetired && (
        <Button
          disabled={operator !== null}
          title={operator ?? undefined}
          aria-keyshortcuts="d"
          rightSection={<Keys of="D" />}
          onClick={() => acts.toggleDrain(node, () => setField('draining'))}
        >
          {node.isDraining ? 'End draining' : 'Drain…'}
        </Button>
      )}
      {!isRetired && (
        <Button
          c="var(--failed)"
          disabled={admin !== null || node.isThisNode}
          title={admin ?? (node.isThisNode ? 'Retire this node from another one.' : undefined)}
          onClick={() => setRetiring(true)}
        >
          Retire…
        </Button>
      )}
      <Button
        aria-keyshortcuts="h"
        rightSection={<Keys of="H" />}
        component="a"
        href={href(['history'], { node: [node.nodeId] })}
      >
        Its runs
      </Button>
      <CopyLink kind="node" id={node.nodeId} />
      {retiring && <RetireDialog node={node} onClose={() => setRetiring(false)} />}
    </div>
  )
}

/** Asked in place, not in a dialog: it can be undone, and the reason may stay empty. */
function DrainForm({ node, cells, setField }: PanelPartProps) {
  const [reason, setReason] = useState('')
  return (
    <div className="node-drain">
      <SmallForm
        label="Drain"
        enter
        onSave={() => cells.acts.drain(node, true, reason.trim())}
        onCancel={() => setField(null)}
      >
        <TextInput
          label="Why it drains"
          description="It finishes what runs and claims nothing."
          placeholder="optional; everybody sees it"
          value={reason}
          maxLength={1000}
          onChange={(event) => setReason(event.currentTarget.value)}
          autoFocus
        />
      </SmallForm>
    </div>
  )
}
