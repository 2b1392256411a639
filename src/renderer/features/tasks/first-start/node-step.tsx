import { Button, NumberInput, TextInput } from '@mantine/core'
import { useEffect, useEffectEvent, useState, type FormEvent } from 'react'
import { useStore } from 'zustand'
import type { ClusterNode, NodePatch } from '../../../../shared/domain/node.ts'
import { things } from '../../../lib/format.ts'
import { dataOf } from '../../../lib/loadable.ts'
import { useRefusal } from '../../../lib/role.ts'
import { toastDone } from '../../../lib/toast.ts'
import { useAct } from '../../../lib/use-act.ts'
import { systemContext } from '../../../shell/system-store.ts'
import { ErrorView } from '../../../ui/error-view.tsx'
import { Field } from '../../../ui/field.tsx'
import { tasksContext } from '../store.ts'
import { Step } from './step.tsx'
import { firstSteps } from './store.ts'

/** What this node is called, which group it is in, and how many scripts it runs at once. */
export function NodeStep() {
  const info = dataOf(systemContext.useState((state) => state.info))
  const { firstStart } = tasksContext.useApi().getState()
  const read = useStore(firstStart, (state) => state.node)
  const node = dataOf(read)
  const nodeId = info?.nodeId
  const load = (): void => {
    if (nodeId !== undefined) void firstStart.getState().loadNode(nodeId)
  }
  const loadFirst = useEffectEvent(load)
  useEffect(() => loadFirst(), [nodeId])
  const found = (info?.interpreters ?? []).filter(({ available }) => available).map(({ type }) => type)
  const words = node
    ? `${node.nodeName} runs up to ${things(node.maxConcurrentTasks, 'script')} at once. ${foundWords(found)}`
    : 'Its name, its group, and how many scripts it runs at once.'
  return (
    <Step name="node" number={1} title="This node" words={words} done={false}>
      {read.status === 'failed' && (
        <ErrorView what="This node could not be read" error={read.error} onRetry={load} />
      )}
      {node && <NodeForm key={node.nodeId} node={node} />}
    </Step>
  )
}

const foundWords = (found: readonly string[]): string =>
  found.length > 0 ? `Found: ${found.join(', ')}.` : 'No interpreter of scripts was found.'

/** What is said otherwise than the node has it; what somebody else changes meanwhile stays. */
const patchOf = (node: ClusterNode, { name, group, slots }: NodeFields): NodePatch => ({
  ...(name !== node.nodeName && { nodeName: name }),
  ...((group.trim() || null) !== node.nodeGroup && { nodeGroup: group.trim() || null }),
  ...(slots !== node.maxConcurrentTasks && { maxConcurrentTasks: Number(slots) }),
})

interface NodeFields {
  name: string
  group: string
  /** A text where it is no number yet. */
  slots: number | string
}

function NodeForm({ node }: { node: ClusterNode }) {
  const { firstStart } = tasksContext.useApi().getState()
  // What is typed is compared with what the person was shown, whatever the node is by now.
  const [shown] = useState(node)
  const [name, setName] = useState(node.nodeName)
  const [group, setGroup] = useState(node.nodeGroup ?? '')
  const [slots, setSlots] = useState<number | string>(node.maxConcurrentTasks)
  const refusal = useRefusal('admin')
  const saving = useAct('The node was not changed')
  const patch = patchOf(shown, { name, group, slots })
  const noSlots = typeof slots === 'number' ? undefined : 'How many scripts it runs at once: 0 to 1000'
  const save = async (): Promise<void> => {
    if (Object.keys(patch).length > 0) await firstStart.getState().saveNode(shown.nodeId, patch)
    firstSteps.node.set(false)
    toastDone('The node was changed')
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (noSlots === undefined) saving.start(save)
  }
  return (
    <form className="step-form" aria-label="This node" onSubmit={submit}>
      <Field label="Name" htmlFor="first-name">
        <TextInput id="first-name" value={name} onChange={(event) => setName(event.currentTarget.value)} />
      </Field>
      <Field label="Group" htmlFor="first-group" help="Tasks may be meant for a group instead of one node.">
        <TextInput
          id="first-group"
          placeholder="none"
          value={group}
          onChange={(event) => setGroup(event.currentTarget.value)}
        />
      </Field>
      <Field
        label="Runs at once"
        htmlFor="first-slots"
        help="With 0 it takes no runs, to edit and watch only."
        error={noSlots}
      >
        <NumberInput id="first-slots" w={110} min={0} max={1000} value={slots} onChange={setSlots} />
      </Field>
      <Button type="submit" loading={saving.busy} disabled={refusal !== null} title={refusal ?? undefined}>
        Save
      </Button>
    </form>
  )
}
