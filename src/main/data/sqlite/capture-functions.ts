import { encodeImage } from '../codec.ts'
import { changeDigest, type DigestedChange } from '../digest.ts'
import { newId } from '../../platform/ids.ts'
import { isoOf, type Clock } from '../../platform/clock.ts'
import type { WriteContexts } from '../../platform/write-context.ts'
import { CHANGE_ACTIONS, type ChangeAction } from '../../../shared/domain/change.ts'

/** SQL functions of a connection, by name. */
export type CaptureFunctions = Record<string, (...values: unknown[]) => unknown>

/**
 * The two functions that SQLite's capture triggers call, once per changed row and in this order:
 *
 * `capture_change(table, record, action, schemaVersion, oldImage, newImage)` makes the log row from the images
 * and the write scope of the asynchronous flow that runs the statement, and answers its change id;
 * `captured(field)` hands out the row's other fields.
 *
 * Triggers are synchronous and there is one writing connection, so nothing comes between the calls. Both
 * throw outside of a write: the statement then fails, nothing is written unlogged.
 */
export const createCaptureFunctions = (deps: {
  contexts: WriteContexts
  clock: Clock
  compressionLevel: number
}): CaptureFunctions => {
  let row: Record<string, unknown> | undefined
  return {
    capture_change: (...values) => {
      row = undefined
      row = changeRow(deps, values)
      return row['changeId']
    },
    captured: (...[field]) => {
      if (!row || typeof field !== 'string' || !(field in row))
        throw new Error(`nothing captured: ${String(field)}`)
      return row[field]
    },
  }
}

const changeRow = (
  deps: { contexts: WriteContexts; clock: Clock; compressionLevel: number },
  values: unknown[],
): Record<string, unknown> => {
  const scope = deps.contexts.current()
  if (!scope) throw new Error('write without context: change captured tables through Database.write only')
  const [tableName, recordId, action, schemaVersion, oldText, newText] = values
  const fields: DigestedChange = {
    changeId: newId(),
    tableName: text(tableName),
    recordId: text(recordId),
    action: actionOf(action),
    changedBy: scope.actor,
    changedAt: isoOf(deps.clock.now()),
    nodeId: scope.nodeId,
    changeReason: scope.reason,
    transactionId: scope.transactionId,
    origin: scope.origin,
    schemaVersion: Number(schemaVersion),
  }
  const images = { old: textOrNull(oldText), new: textOrNull(newText) }
  return {
    ...fields,
    oldData: images.old === null ? null : encodeImage(images.old, deps.compressionLevel),
    newData: images.new === null ? null : encodeImage(images.new, deps.compressionLevel),
    digest: changeDigest(fields, images.old, images.new),
  }
}

const text = (value: unknown): string => {
  if (typeof value !== 'string') throw new Error('a capture trigger handed over something that is no text')
  return value
}

const textOrNull = (value: unknown): string | null => (value === null ? null : text(value))

const actionOf = (value: unknown): ChangeAction => {
  const action = CHANGE_ACTIONS.find((known) => known === value)
  if (!action) throw new Error(`a capture trigger handed over the action ${String(value)}`)
  return action
}
