import { AppError } from '../../../shared/domain/errors.ts'
import type { ImportItem } from '../../../shared/domain/import-result.ts'
import type { PlanItem, PlannedWrite } from '../../../shared/domain/import/types.ts'
import type { TaskInput, TaskPatch } from '../../../shared/domain/task.ts'
import type { Clock } from '../../platform/clock.ts'
import { newId } from '../../platform/ids.ts'
import type { Caller } from '../caller.ts'

/** Carries out a plan in short transactions, so that scheduling goes on during a long import. */

export interface ImportWriter {
  create(input: TaskInput): Promise<{ taskId: string }>
  update(taskId: string, patch: TaskPatch): Promise<unknown>
}

/** One transaction; whatever `work` throws rolls all of it back. Its changes belong to the change set `changeSet`. */
export type ImportBatch = <T>(
  caller: Caller,
  changeSet: string,
  work: (writer: ImportWriter) => Promise<T>,
) => Promise<T>

export type OnItem = (done: number, total: number, item: ImportItem) => void

/** Short enough not to delay a claim. */
const SLICE_MS = 15

export const writePlan = async (
  items: readonly PlanItem[],
  options: { caller: Caller; batch: ImportBatch; clock: Clock; onItem?: OnItem | undefined },
): Promise<ImportItem[]> => {
  const done: ImportItem[] = []
  const slices = { ...options, changeSet: newId() }
  const report = (item: ImportItem): void => {
    done.push(item)
    options.onItem?.(done.length, items.length, item)
  }
  while (done.length < items.length) {
    const rest = items.slice(done.length)
    const slice = await writeSlice(rest, slices).catch((failure: unknown) => {
      if (failure instanceof AppError) return null
      throw failure
    })
    // Someone's edit got in between: this one entry alone, so that its reason is its own.
    const written = slice ?? (await writeAlone(rest.slice(0, 1), slices))
    written.forEach(report)
  }
  return done
}

/** All slices of one import are one change set: who looks at one change finds the others. */
interface Slices {
  caller: Caller
  batch: ImportBatch
  changeSet: string
}

const writeSlice = (
  items: readonly PlanItem[],
  { caller, batch, clock, changeSet }: Slices & { clock: Clock },
): Promise<ImportItem[]> =>
  batch(caller, changeSet, async (writer) => {
    const end = clock.monotonic() + SLICE_MS
    const written: ImportItem[] = []
    for (const { item, write } of items) {
      if (written.length > 0 && clock.monotonic() >= end) break
      written.push(write ? await writeOne(item, write, writer) : item)
    }
    return written
  })

const writeOne = async (item: ImportItem, write: PlannedWrite, writer: ImportWriter): Promise<ImportItem> => {
  if (write.kind === 'create') return { ...item, taskId: (await writer.create(write.input)).taskId }
  await writer.update(write.taskId, write.patch)
  return item
}

const writeAlone = async (
  items: readonly PlanItem[],
  { caller, batch, changeSet }: Slices,
): Promise<ImportItem[]> => {
  const alone = async ({ item, write }: PlanItem): Promise<ImportItem> => {
    if (!write) return item
    try {
      return await batch(caller, changeSet, (writer) => writeOne(item, write, writer))
    } catch (failure) {
      if (!(failure instanceof AppError)) throw failure
      return { ...item, action: 'skipped', reason: failure.message }
    }
  }
  return Promise.all(items.map(alone))
}
