import { useEffect, useState } from 'react'
import type { Change } from '../../shared/domain/change.ts'
import type { AppError } from '../../shared/domain/errors.ts'
import type { LinkKind } from '../../shared/domain/link.ts'
import type { ClusterNode } from '../../shared/domain/node.ts'
import type { Run } from '../../shared/domain/run.ts'
import type { Task } from '../../shared/domain/task.ts'
import { toAppError } from '../lib/app-error.ts'
import { recordWords } from '../lib/change-words.ts'
import type { About } from '../lib/use-commands.ts'
import type { AppClient } from '../client.ts'

/** A record as it was read, for what can be done with it. */
export type Loaded =
  | { kind: 'task'; record: Task }
  | { kind: 'node'; record: ClusterNode }
  | { kind: 'run'; record: Run }
  | { kind: 'change'; record: Change }

/** A record that actions are about. What is known of it already need not be asked for. */
export interface Subject extends About {
  loaded?: Loaded
}

export const ofTask = (record: Task): Subject => ({
  ...{ kind: 'task', id: record.taskId, name: record.taskName, loaded: { kind: 'task', record } },
})
export const ofNode = (record: ClusterNode): Subject => ({
  ...{ kind: 'node', id: record.nodeId, name: record.nodeName, loaded: { kind: 'node', record } },
})
export const ofRun = (record: Run): Subject => ({
  ...{
    kind: 'run',
    id: record.historyId,
    name: `a run of ${record.taskName}`,
    loaded: { kind: 'run', record },
  },
})
export const ofChange = (record: Change): Subject => ({
  ...{ kind: 'change', id: record.changeId, name: `the change of ${recordWords(record)}` },
  loaded: { kind: 'change', record },
})

const KIND_OF: Readonly<Record<string, LinkKind>> = {
  tasks: 'task',
  nodes: 'node',
  history: 'run',
  changes: 'change',
}

/** The record that a page shows; null for a list. */
export const subjectOf = (path: readonly string[], name: string | null): Subject | null => {
  const [view = '', id] = path
  const kind = KIND_OF[view]
  return kind && id !== undefined && id !== 'new' ? { kind, id, name: name ?? 'it' } : null
}

const read = async (client: AppClient, { kind, id }: Subject): Promise<Loaded> => {
  switch (kind) {
    case 'task':
      return { kind, record: await client.tasks.get({ taskId: id }) }
    case 'node':
      return { kind, record: await client.nodes.get({ nodeId: id }) }
    case 'run':
      return { kind, record: await client.history.get({ historyId: id }) }
    case 'change':
      return { kind, record: await client.changes.get({ changeId: id }) }
  }
}

/** A record that is read: none until it is there, or why it cannot be. */
export interface Reading {
  loaded: Loaded | null
  failure: AppError | null
}

const NOT_YET: Reading = { loaded: null, failure: null }

/** The record itself, which is read unless it is known already. */
export const useReading = (client: AppClient, subject: Subject | null): Reading => {
  const [answer, setAnswer] = useState<Reading & { of: Subject | null }>({ ...NOT_YET, of: null })
  useEffect(() => {
    if (!subject || subject.loaded) return
    let isOver = false
    const show = (reading: Partial<Reading>): void => {
      if (!isOver) setAnswer({ ...NOT_YET, ...reading, of: subject })
    }
    read(client, subject).then(
      (loaded) => show({ loaded }),
      (thrown: unknown) => show({ failure: toAppError(thrown) }),
    )
    return () => {
      isOver = true
    }
  }, [client, subject])
  if (subject?.loaded) return { loaded: subject.loaded, failure: null }
  return subject && answer.of === subject ? answer : NOT_YET
}
