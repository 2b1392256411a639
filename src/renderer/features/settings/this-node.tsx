import { Button, NumberInput, TagsInput, TextInput } from '@mantine/core'
import { useEffect, useState } from 'react'
import type { AppError } from '../../../shared/domain/errors.ts'
import type { ClusterNode } from '../../../shared/domain/node.ts'
import { toAppError } from '../../lib/app-error.ts'
import { useLocal } from '../../lib/local.ts'
import { useRefusal } from '../../lib/role.ts'
import { toastDone } from '../../lib/toast.ts'
import { ErrorView } from '../../ui/error-view.tsx'
import { Field } from '../../ui/field.tsx'
import { NotSaved } from '../../ui/not-saved.tsx'
import { SkeletonRows } from '../../ui/skeleton-rows.tsx'
import { State } from '../../ui/state.tsx'
import { Section } from '../../ui/text.tsx'
import { Relative } from '../../ui/time.tsx'
import { Join } from './join.tsx'
import { settingsContext } from './store.ts'

/** Name, group, role, tags and capacity of the node: they hold at once, for it and for every other node. */
export function ThisNode() {
  const node = settingsContext.useState((state) => state.node)
  const { loadNode } = settingsContext.useApi().getState()
  const local = useLocal()
  useEffect(() => void loadNode(), [loadNode])
  if (node.status === 'failed')
    return <ErrorView what="The node could not be read" error={node.error} onRetry={() => void loadNode()} />
  if (node.status !== 'ready') return <SkeletonRows rows={6} />
  // Saved by somebody else meanwhile: the form starts from what is there now.
  return (
    <>
      {local !== null && node.data.holdsKey === false && <Join />}
      <NodeForm key={JSON.stringify(draftOf(node.data))} node={node.data} />
    </>
  )
}

const draftOf = (node: ClusterNode) => ({
  nodeName: node.nodeName,
  nodeGroup: node.nodeGroup ?? '',
  nodeRole: node.nodeRole ?? '',
  tags: node.tags,
  maxConcurrentTasks: node.maxConcurrentTasks,
})
type Draft = ReturnType<typeof draftOf>

function NodeForm({ node }: { node: ClusterNode }) {
  const base = draftOf(node)
  const [draft, setDraft] = useState(base)
  const [failure, setFailure] = useState<AppError | null>(null)
  const { saveNode } = settingsContext.useApi().getState()
  const refusal = useRefusal('admin')
  const changed = (name: keyof Draft): boolean => JSON.stringify(draft[name]) !== JSON.stringify(base[name])
  const dirty = (Object.keys(base) as (keyof Draft)[]).filter(changed) // the keys of a Draft
  const set = (part: Partial<Draft>): void => setDraft({ ...draft, ...part })
  const save = (): void => {
    const words = { nodeGroup: draft.nodeGroup.trim() || null, nodeRole: draft.nodeRole.trim() || null }
    const whole = { ...draft, ...words }
    setFailure(null)
    // What somebody else changes meanwhile stays.
    saveNode(Object.fromEntries(dirty.map((name) => [name, whole[name]])))
      .then(() => toastDone('The node was changed'))
      .catch((thrown: unknown) => setFailure(toAppError(thrown)))
  }
  const field = (name: keyof Draft, label: string, help?: string) => ({
    ...{ label, htmlFor: `node-${name}`, changed: changed(name) },
    ...(help && { help }),
    error: failure?.issues?.find(({ path }) => path[0] === name)?.message,
  })
  return (
    <>
      <Section title="In the cluster" aside={<State of={node.state} />}>
        <Field {...field('nodeName', 'Name')}>
          <TextInput
            id="node-nodeName"
            readOnly={refusal !== null}
            value={draft.nodeName}
            onChange={(event) => set({ nodeName: event.currentTarget.value })}
          />
        </Field>
        <Field
          {...field('nodeGroup', 'Group', 'Tasks may be assigned to a group or a role instead of one node.')}
        >
          <TextInput
            id="node-nodeGroup"
            placeholder="none"
            readOnly={refusal !== null}
            value={draft.nodeGroup}
            onChange={(event) => set({ nodeGroup: event.currentTarget.value })}
          />
        </Field>
        <Field {...field('nodeRole', 'Role')}>
          <TextInput
            id="node-nodeRole"
            placeholder="none"
            readOnly={refusal !== null}
            value={draft.nodeRole}
            onChange={(event) => set({ nodeRole: event.currentTarget.value })}
          />
        </Field>
        <Field {...field('tags', 'Tags')}>
          <TagsInput
            id="node-tags"
            readOnly={refusal !== null}
            value={draft.tags}
            onChange={(tags) => set({ tags })}
          />
        </Field>
        <Field
          {...field('maxConcurrentTasks', 'Scripts at once', '0: an admin desk, which never runs anything.')}
        >
          <NumberInput
            id="node-maxConcurrentTasks"
            className="setting-number"
            min={0}
            max={1000}
            allowDecimal={false}
            readOnly={refusal !== null}
            value={draft.maxConcurrentTasks}
            onChange={(value) => set({ maxConcurrentTasks: Number(value) })}
          />
        </Field>
      </Section>
      <Section title="Facts">
        <dl className="facts">
          <dt>Node id</dt>
          <dd className="mono">{node.nodeId}</dd>
          <dt>Host</dt>
          <dd>
            {node.hostname}
            {node.ipAddress && `, ${node.ipAddress}`}
          </dd>
          <dt>Runs</dt>
          <dd>{node.supportedTaskTypes.join(', ') || 'nothing'}</dd>
          <dt>Cluster key</dt>
          <dd>
            {node.holdsKey === false
              ? 'not held: tasks with secrets do not run here'
              : node.holdsKey
                ? 'held'
                : 'unknown'}
          </dd>
          <dt>Heartbeat</dt>
          <dd>{node.lastHeartbeat ? <Relative at={node.lastHeartbeat} /> : 'none yet'}</dd>
        </dl>
      </Section>
      {dirty.length > 0 && (
        <div className="save">
          {failure && <NotSaved reason={failure.message} />}
          <div className="savebar">
            <span className="dot" aria-hidden />
            <b className="grow">The node is changed for the whole cluster, at once.</b>
            <Button onClick={() => setDraft(base)}>Discard</Button>
            <Button variant="filled" onClick={save}>
              Save
            </Button>
          </div>
        </div>
      )}
    </>
  )
}
