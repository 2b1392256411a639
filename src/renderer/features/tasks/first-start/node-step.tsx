import { Button, NumberInput, TextInput } from '@mantine/core'
import { useEffect, useState, type FormEvent } from 'react'
import { useStore } from 'zustand'
import type { ClusterNode } from '../../../../shared/domain/node.ts'
import { things } from '../../../lib/format.ts'
import { dataOf } from '../../../lib/loadable.ts'
import { useRefusal } from '../../../lib/role.ts'
import { toastDone } from '../../../lib/toast.ts'
import { useAct } from '../../../lib/use-act.ts'
import { systemContext } from '../../../shell/system-store.ts'
import { Field } from '../../../ui/field.tsx'
import { tasksContext } from '../store.ts'
import { Step } from './step.tsx'
import { firstSteps } from './store.ts'

/** What this node is called, which group it is in, and how many scripts it runs at once. */
export function NodeStep() {
  const info = dataOf(systemContext.useState((state) => state.info))
  const { firstStart } = tasksContext.useApi().getState()
  const node = dataOf(useStore(firstStart, (state) => state.node))
  const nodeId = info?.nodeId
  useEffect(() => {
    if (nodeId !== undefined) void firstStart.getState().loadNode(nodeId)
  }, [firstStart, nodeId])
  const found = (info?.interpreters ?? []).filter(({ available }) => available).map(({ type }) => type)
  const words = node
    ? `${node.nodeName} runs up to ${things(node.maxConcurrentTasks, 'script')} at once. Found: ${found.join(', ')}.`
    : 'Its name, its group, and how many scripts it runs at once.'
  return (
    <Step name="node" number={1} title="This node" words={words} done={false}>
      {node && <NodeForm key={node.nodeId} node={node} />}
    </Step>
  )
}

function NodeForm({ node }: { node: ClusterNode }) {
  const { firstStart } = tasksContext.useApi().getState()
  const [name, setName] = useState(node.nodeName)
  const [group, setGroup] = useState(node.nodeGroup ?? '')
  const [slots, setSlots] = useState<number | string>(node.maxConcurrentTasks)
  const refusal = useRefusal('admin')
  const saving = useAct('The node was not changed')
  const save = async (): Promise<void> => {
    await firstStart.getState().saveNode({
      nodeName: name,
      nodeGroup: group.trim() || null,
      ...(typeof slots === 'number' && { maxConcurrentTasks: slots }),
    })
    firstSteps.node.set(false)
    toastDone('The node was changed')
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    saving.start(save)
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
      >
        <NumberInput id="first-slots" w={110} min={0} max={1000} value={slots} onChange={setSlots} />
      </Field>
      <Button type="submit" loading={saving.busy} disabled={refusal !== null} title={refusal ?? undefined}>
        Save
      </Button>
    </form>
  )
}
