import { Button, TagsInput } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { things } from '../../lib/format.ts'
import { useRefusal } from '../../lib/role.ts'
import { toastDone, toastError } from '../../lib/toast.ts'
import { unless, useCommands } from '../../lib/use-commands.ts'
import { Keys } from '../../ui/text.tsx'
import type { BulkAct, BulkResult } from './bulk.ts'
import { tasksContext } from './store.ts'

const DONE: Record<BulkAct['kind'], string> = {
  enable: 'Changed',
  run: 'Started',
  tag: 'Tagged',
  delete: 'Deleted',
}

/** Says what was done, offers to take it back, and names the first reason where something was refused. */
const report = (act: BulkAct, { done, failed, undo }: BulkResult): void => {
  const verb = act.kind === 'enable' ? (act.enabled ? 'Enabled' : 'Disabled') : DONE[act.kind]
  if (done.length > 0)
    toastDone(
      `${verb} ${things(done.length, 'task')}`,
      undo ? { act: undo, done: `${things(done.length, 'task')} as before` } : undefined,
    )
  const [first] = failed
  if (first) toastError(`${things(failed.length, 'task')} refused; ${first.task.taskName}`, first.error)
}

interface BulkBarProps {
  chosen: ReadonlySet<string>
  /** Stands there while a task is open: that one is meant then, by keys, too, and those that are chosen wait. */
  instead: ReactNode | null
  onDone: () => void
}

/** In place of the foot while rows are chosen: what can be done to all of them. What was begun is shown to its end. */
export function BulkBar({ chosen, instead, onDone }: BulkBarProps) {
  const list = tasksContext.useState((state) => state.list)
  const { bulk } = tasksContext.useApi().getState()
  const [progress, setProgress] = useState<number | null>(null)
  const [tagging, setTagging] = useState(false)
  const refusal = useRefusal('admin')
  const tasks = list.status === 'ready' ? list.data.items.filter(({ taskId }) => chosen.has(taskId)) : []
  const start = (act: BulkAct): void => {
    setProgress(0)
    void bulk(tasks, act, setProgress).then((result) => {
      setProgress(null)
      report(act, result)
      onDone()
    })
  }
  const busy = progress !== null
  const enable = !tasks.every(({ enabled }) => enabled)
  const toggle = (): void => start({ kind: 'enable', enabled: enable })
  const idle = !busy && instead === null
  useCommands('chosen', {
    run: idle ? () => start({ kind: 'run' }) : undefined,
    toggle: idle ? unless(refusal, toggle) : undefined,
    tag: idle ? unless(refusal, () => setTagging(true)) : undefined,
  })
  if (!busy && instead !== null) return instead
  const admin = { disabled: busy || refusal !== null, title: refusal ?? undefined }
  return (
    <div className="foot bulk" role="toolbar" aria-label="Chosen tasks">
      <b role="status">
        {busy ? `${progress} of ${tasks.length}` : `${things(tasks.length, 'task')} chosen`}
      </b>
      {tagging ? (
        <Tagging tasks={tasks} onDone={() => setTagging(false)} onTag={start} />
      ) : (
        <>
          <Button {...admin} rightSection={<Keys of="E" />} onClick={toggle}>
            {enable ? 'Enable' : 'Disable'}
          </Button>
          {enable && tasks.some(({ enabled }) => enabled) && (
            <Button {...admin} onClick={() => start({ kind: 'enable', enabled: false })}>
              Disable
            </Button>
          )}
          <Button disabled={busy} rightSection={<Keys of="R" />} onClick={() => start({ kind: 'run' })}>
            Run now
          </Button>
          <Button {...admin} rightSection={<Keys of="T" />} onClick={() => setTagging(true)}>
            Tag…
          </Button>
          <span className="grow" />
          <span className="t3">Only rows that are shown are chosen.</span>
          <Button disabled={busy} rightSection={<Keys of="Esc" />} onClick={onDone}>
            Clear
          </Button>
          <Button {...admin} c="var(--failed)" onClick={() => start({ kind: 'delete' })}>
            Delete
          </Button>
        </>
      )}
    </div>
  )
}

interface TaggingProps {
  tasks: readonly { tags: readonly string[] }[]
  onDone: () => void
  onTag: (act: BulkAct) => void
}

/** Starts with the tags that all of them have; what is taken away here is taken from all. */
function Tagging({ tasks, onDone, onTag }: TaggingProps) {
  const [first, ...rest] = tasks
  const common = first ? first.tags.filter((tag) => rest.every(({ tags }) => tags.includes(tag))) : []
  const known = [...new Set(tasks.flatMap(({ tags }) => tags))]
  const [tags, setTags] = useState<string[]>(common)
  const apply = (): void => {
    onTag({
      kind: 'tag',
      add: tags.filter((tag) => !common.includes(tag)),
      remove: common.filter((tag) => !tags.includes(tag)),
    })
    onDone()
  }
  useCommands('chosen', { apply })
  return (
    <>
      <TagsInput
        className="grow"
        aria-label="Tags of all chosen tasks"
        placeholder="type, then Enter"
        autoFocus
        data={known}
        value={tags}
        onChange={setTags}
      />
      <Button onClick={onDone}>Cancel</Button>
      <Button variant="filled" rightSection={<Keys of="Ctrl Enter" />} onClick={apply}>
        Tag {things(tasks.length, 'task')}
      </Button>
    </>
  )
}
