import { isActive, type Run } from '../../shared/domain/run.ts'
import type { Change } from '../../shared/domain/change.ts'
import { pathOfRecord } from '../../shared/domain/link.ts'
import type { ClusterNode } from '../../shared/domain/node.ts'
import type { Task } from '../../shared/domain/task.ts'
import { actorWords, listWords, recordWords } from '../lib/change-words.ts'
import { href } from '../lib/router.ts'
import { looks } from '../theme/states.tsx'
import { Shape } from '../ui/state.tsx'
import { Clock, Since } from '../ui/time.tsx'
import type { Visited } from '../shell/recent.ts'
import { viewItems } from './places.tsx'
import type { Item } from './item.ts'
import { ofChange, ofNode, ofRun, ofTask, subjectOf, type Subject } from './subject.ts'
import { TaskAside } from './task-aside.tsx'

/* Records as lines: how they are first, by its shape; at the right what is to be known before one goes there. */

const SHAPE = 15

const line = (subject: Subject): Pick<Item, 'id' | 'address' | 'subject'> => ({
  id: `${subject.kind} ${subject.id}`,
  address: href(pathOfRecord(subject.kind, subject.id)),
  subject,
})

/** A tag or a script that was found is said; a name that was found says itself. */
const detailOf = (task: Task, text: string): string => {
  const wanted = text.toLowerCase()
  const has = (value: string): boolean => wanted !== '' && value.toLowerCase().includes(wanted)
  const tag = task.tags.find(has)
  if (tag) return `tag ${tag}`
  return has(task.taskName) || !has(task.scriptPath) ? task.appName : task.scriptPath
}

export const taskLine = (task: Task, text: string): Item => ({
  ...line(ofTask(task)),
  ...{ label: task.taskName, detail: detailOf(task, text) },
  icon: <Shape of={task.isRunning ? 'Running' : (task.lastState ?? 'Never')} size={SHAPE} alone />,
  aside: <TaskAside task={task} />,
})

export const nodeLine = (node: ClusterNode): Item => ({
  ...line(ofNode(node)),
  ...{ label: node.nodeName, detail: node.isThisNode ? 'this node' : (node.nodeGroup ?? undefined) },
  icon: <Shape of={node.state} size={SHAPE} alone />,
  aside: node.state === 'Active' ? (node.nodeRole ?? null) : looks[node.state].word.toLowerCase(),
})

export const runLine = (run: Run): Item => ({
  ...line(ofRun(run)),
  ...{ label: run.taskName, detail: run.attempt > 1 ? `attempt ${run.attempt}` : run.appName },
  icon: <Shape of={run.state} size={SHAPE} alone />,
  aside:
    isActive(run.state) && run.startTime ? (
      <Since at={run.startTime} />
    ) : (
      <Clock at={run.startTime ?? run.scheduledFor} precision="seconds" />
    ),
})

export const changeLine = (change: Change): Item => ({
  ...line(ofChange(change)),
  ...{ label: recordWords(change), detail: `${actorWords(change)} ${listWords(change)}` },
  icon: <Shape of={change.action} size={SHAPE} alone />,
  aside: <Clock at={change.changedAt} />,
})

const KIND_WORDS = { task: 'task', node: 'node', run: 'run', change: 'change' } as const

/** A record that was looked at; how it is now is not asked for. */
export const visitedLine = ({ path, name }: Visited): Item[] => {
  const subject = subjectOf(path, name)
  const view = viewItems.find(({ id }) => id === `view ${path[0]}`)
  return subject && view
    ? [{ ...line(subject), label: name, icon: view.icon, detail: KIND_WORDS[subject.kind] }]
    : []
}
