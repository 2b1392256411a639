import { setImmediate } from 'node:timers/promises'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import { findTask } from '../../src/main/data/repos/tasks.ts'
import { createInTx, removeInTx, updateInTx, type SaveContext } from '../../src/main/services/tasks/save.ts'
import { AppError } from '../../src/shared/domain/errors.ts'
import type { TaskPatch } from '../../src/shared/domain/task.ts'
import { randomOf, type Random } from '../support/soak/random.ts'
import { editsIn, newTask } from './sync-node.ts'

/*
 * People who edit one cluster database at the same time and without pause: the same few tasks, names that they take
 * from each other, several changes in a transaction.
 */

export interface Written {
  transactions: number
  /** Edits that the rules refuse: another edit was first, or a name is taken. */
  refused: number
}

const MOST_TASKS = 200
const NAMES = 100
const MOST_EDITS = 4

/** Tasks that any of them may edit. */
export type Known = Set<string>

/** One of them, until `signal`. @throws what no edit should fail with. */
export const writeUntil = async (
  db: OpenDatabase,
  { writer, known, signal }: { writer: number; known: Known; signal: AbortSignal },
): Promise<Written> => {
  const random = randomOf(writer + 1)
  const edits = editsIn(db, `local:writer-${writer}`)
  const written: Written = { transactions: 0, refused: 0 }
  while (!signal.aborted) {
    // Decided before: a transaction that is run again does the same.
    const acts = actsOf(random, [...known])
    try {
      const made = await edits.within((context) => runAll(context, acts))
      for (const taskId of made.created) known.add(taskId)
      for (const taskId of made.removed) known.delete(taskId)
      written.transactions += 1
    } catch (error) {
      if (!isRefusal(error)) throw error
      written.refused += 1
    }
    await setImmediate()
  }
  return written
}

const isRefusal = (error: unknown): boolean =>
  error instanceof AppError && (error.code === 'CONFLICT' || isDuplicate(error))

/** Two took the same free name at the same moment: the index decides. */
const isDuplicate = (error: AppError): boolean => 'kind' in error && error.kind === 'duplicate'

/** `taskId`: which one it is about; of a new one nothing that says anything. */
type Act = { taskId: string } & (
  | { kind: 'create'; name: string; minute: number }
  | { kind: 'update'; value: number }
  | { kind: 'rename'; name: string }
  | { kind: 'remove' }
)

/** Tasks in one order: who takes them in any waits for a deadlock to be found, which takes a second. */
const actsOf = (random: Random, taskIds: readonly string[]): Act[] =>
  Array.from({ length: random.between(1, MOST_EDITS) }, () => actOf(random, taskIds)).sort((one, other) =>
    one.taskId < other.taskId ? -1 : 1,
  )

const actOf = (random: Random, taskIds: readonly string[]): Act => {
  const taskId = taskIds[random.between(0, taskIds.length - 1)] ?? ''
  const name = `task ${random.between(1, NAMES)}`
  const choice = random.between(0, taskIds.length < MOST_TASKS ? 9 : 7)
  if (choice > 7 || taskId === '')
    return {
      kind: 'create',
      taskId,
      name: `${name} ${random.between(1, 1000)}`,
      minute: random.between(0, 59),
    }
  if (choice === 7) return { kind: 'remove', taskId }
  if (choice === 6) return { kind: 'rename', taskId, name }
  return { kind: 'update', taskId, value: random.between(0, 900) }
}

interface Made {
  created: string[]
  removed: string[]
}

const runAll = async (context: SaveContext, acts: readonly Act[]): Promise<Made> => {
  const made: Made = { created: [], removed: [] }
  for (const act of acts) {
    if (act.kind === 'create') {
      const fields = { schedule: `${act.minute} 3 * * *`, parameters: { text: 'x'.repeat(act.minute) } }
      made.created.push((await createInTx(context, newTask(act.name, fields))).taskId)
      continue
    }
    const task = await findTask(context.tx, act.taskId)
    if (!task) continue
    if (act.kind === 'remove') {
      await removeInTx(context, task)
      made.removed.push(task.taskId)
    } else await updateInTx(context, task, patchOf(act))
  }
  return made
}

const patchOf = (act: Extract<Act, { kind: 'update' | 'rename' }>): TaskPatch =>
  act.kind === 'rename'
    ? { taskName: act.name }
    : { priority: act.value, description: `edited to ${act.value}` }
