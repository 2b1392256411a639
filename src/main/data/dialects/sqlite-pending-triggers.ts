import type { ChangeAction } from '../../../shared/domain/change.ts'
import { EDITED_OFFLINE, type CapturedTable } from '../capture.ts'
import type { CaptureObject } from './dialect.ts'
import { captureCall, differs, dropTrigger, quoted, triggerName } from './sqlite-triggers.ts'
import { CAPTURE_PREFIX, literal } from './trigger-text.ts'

/*
 * The triggers of a replica. What `applies_changes()` brings passes; an edit of the node's own is noted in
 * Sync_Pending, and refused in tables that only the cluster database edits. A run of the node's own is noted in
 * Sync_Run.
 */

export const pendingObjects = (tables: readonly CapturedTable[], schemaVersion: number): CaptureObject[] => [
  ...tables.flatMap((table) =>
    (['INSERT', 'UPDATE', 'DELETE'] as const).map((action) =>
      objectOf(triggerName(table, action), triggerSql(table, action, schemaVersion)),
    ),
  ),
  ...(['INSERT', 'UPDATE'] as const).map((action) => {
    const name = `${CAPTURE_PREFIX}Task_History_${action.toLowerCase()}`
    return objectOf(name, runTriggerSql(name, action))
  }),
]

const objectOf = (name: string, text: string): CaptureObject => ({
  ...{ name, text, create: [text] },
  ...{ replaces: false, drop: dropTrigger(name) },
})

/** An edit cancels waiting runs too: those that are not of this node the cluster database cancels, when it takes the edit. */
const IS_PINNED_HERE =
  'exists (select 1 from "Tasks" as t where t."TaskID" = NEW."TaskID" and t."AssignedNodeID" = this_node())'

const runTriggerSql = (name: string, action: 'INSERT' | 'UPDATE'): string =>
  [
    `CREATE TRIGGER ${quoted(name)} after ${action.toLowerCase()} on "Task_History"`,
    `when applies_changes() = 0${action === 'UPDATE' ? ` and ${IS_PINNED_HERE}` : ''}`,
    'begin',
    '  insert or ignore into "Sync_Run" ("HistoryID", "CreatedAt") values (NEW."HistoryID", NEW."UpdatedAt");',
    'end',
  ].join('\n')

const triggerSql = (table: CapturedTable, action: ChangeAction, schemaVersion: number): string => {
  const isEdit = action === 'UPDATE' ? [`(${differs(table.columns)})`] : []
  const note = EDITED_OFFLINE.includes(table.name)
    ? [
        `  insert into "Sync_Pending" (${PENDING_COLUMNS.map(([column]) => quoted(column)).join(', ')})`,
        `  values (${PENDING_COLUMNS.map(([, value]) => value).join(', ')});`,
      ]
    : [`  select raise(abort, ${literal(`${table.name} is edited in the cluster database only`)});`]
  return [
    `CREATE TRIGGER ${quoted(triggerName(table, action))} after ${action.toLowerCase()} on ${quoted(table.name)}`,
    `when ${['applies_changes() = 0', ...isEdit].join(' and ')}`,
    'begin',
    ...note,
    'end',
  ]
    .join('\n')
    .replace('$CAPTURE', () => captureCall(table, action, schemaVersion))
}

/** `capture_change` comes first: it makes the row that `captured` hands out. */
const PENDING_COLUMNS: readonly (readonly [column: string, value: string])[] = [
  ['ChangeID', '$CAPTURE'],
  ['TableName', `captured('tableName')`],
  ['RecordID', `captured('recordId')`],
  ['Action', `captured('action')`],
  ['OldData', `captured('oldData')`],
  ['NewData', `captured('newData')`],
  ['ChangedBy', `captured('changedBy')`],
  ['ChangedAt', `captured('changedAt')`],
  ['NodeID', `captured('nodeId')`],
  ['ChangeReason', `captured('changeReason')`],
  ['TransactionID', `captured('transactionId')`],
  ['Hlc', 'hybrid_time()'],
  ['SchemaVersion', `captured('schemaVersion')`],
]
