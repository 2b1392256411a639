import { sql, type Expression, type ExpressionBuilder, type SqlBool } from 'kysely'
import type { Reach } from '../../../shared/domain/assignment.ts'
import type { ScriptType } from '../../../shared/domain/task.ts'
import type { Tables } from '../entities/index.ts'

/**
 * Which tasks a node may run, as a condition: `canRun` (domain/assignment.ts) in the words of a database, so that
 * what is for others is neither read nor locked here. A property test holds the two together.
 */

/** A node that looks for work. */
export interface Taker {
  nodeId: string
  nodeGroup: string | null
  nodeRole: string | null
  /** Scripts it has no interpreter for and another node of their target has. */
  leftToOthers: readonly LeftType[]
  /** It cannot open secret values. */
  withoutKey: boolean
  /** It looks at its replica: nobody else is asked, so only what is its alone counts. */
  offline?: boolean
  /** Its replica cannot be told of slots now: those of tasks that are pinned to it wait. */
  withoutPinned?: boolean
}

export interface LeftType {
  type: string
  /** Of scripts whose task names no type. */
  extensions: readonly string[]
  reaches: readonly Reach[]
}

const LOCKS = '%"locks":["%'

type TaskBuilder = ExpressionBuilder<Tables & { t: Tables['Tasks'] }, 't'>
type Condition = Expression<SqlBool>

/** As it is written into JSON text: within a text its quotes were escaped. */
const SEALED = '%{"$sealed":%'

export const mayTake = (task: TaskBuilder, taker: Taker): Condition => {
  const { leftToOthers, withoutKey } = taker
  const conditions: Condition[] = taker.offline ? isAlone(task, taker) : [isTargeted(task, taker)]
  if (leftToOthers.length > 0)
    conditions.push(task.not(task.or(leftToOthers.map((left) => isLeft(task, left)))))
  if (withoutKey) conditions.push(holdsNoSecret('t.parameters'), holdsNoSecret('t.environment'))
  return task.and(conditions)
}

type TargetColumn = 't.assignedNodeId' | 't.assignedNodeGroup' | 't.assignedNodeRole'

/** An empty name is none: written so by hand or by an import. */
const isNone = (task: TaskBuilder, column: TargetColumn): Condition =>
  task.or([task(column, 'is', null), task(column, '=', '')])

const isNoneOr = (task: TaskBuilder, column: TargetColumn, value: string | null): Condition =>
  value ? task.or([isNone(task, column), task(column, '=', value)]) : isNone(task, column)

const isTargeted = (task: TaskBuilder, taker: Taker): Condition =>
  task.or([
    ...(taker.withoutPinned ? [] : [task('t.assignedNodeId', '=', taker.nodeId)]),
    task.and([
      isNone(task, 't.assignedNodeId'),
      isNoneOr(task, 't.assignedNodeGroup', taker.nodeGroup),
      isNoneOr(task, 't.assignedNodeRole', taker.nodeRole),
    ]),
  ])

/** Lock groups are of the whole cluster, which cannot be asked. */
const isAlone = (task: TaskBuilder, { nodeId }: Taker): Condition[] => [
  task('t.assignedNodeId', '=', nodeId),
  task.or([task('t.limits', 'is', null), sql<SqlBool>`${sql.ref('t.limits')} not like ${LOCKS}`]),
]

/** Of a task that is targeted here already. */
const isLeft = (task: TaskBuilder, left: LeftType): Condition =>
  task.and([isNone(task, 't.assignedNodeId'), needs(task, left), ...reachedBy(task, left.reaches)])

const needs = (task: TaskBuilder, { type, extensions }: LeftType): Condition => {
  // Never unknown: it is denied.
  const named = task.and([
    task('t.scriptType', 'is not', null),
    task('t.scriptType', '=', type as ScriptType),
  ])
  if (extensions.length === 0) return named
  const ending = task.or(extensions.map((extension) => endsWith('t.scriptPath', extension)))
  return task.or([named, task.and([task('t.scriptType', 'is', null), ending])])
}

/** No condition where a node of the same group and role has the interpreter. */
const reachedBy = (task: TaskBuilder, reaches: readonly Reach[]): Condition[] => {
  if (reaches.some(({ sameGroup, sameRole }) => sameGroup && sameRole)) return []
  const ways = reaches.map(({ sameGroup, sameRole }) =>
    task.and([
      ...(sameGroup ? [] : [isNone(task, 't.assignedNodeGroup')]),
      ...(sameRole ? [] : [isNone(task, 't.assignedNodeRole')]),
    ]),
  )
  return [task.or(ways)]
}

const endsWith = (column: string, extension: string): Condition =>
  sql<SqlBool>`lower(${sql.ref(column)}) like ${`%${extension}`}`

const holdsNoSecret = (column: string): Condition => sql<SqlBool>`${sql.ref(column)} not like ${SEALED}`
