import { z } from 'zod'
import { isoTimeSchema } from './fields.ts'

/** The specification's cached runtime state, in camelCase: `{ lastUpdate, data }`. */
export const snapshotSchema = <T extends z.ZodType>(item: T) =>
  z.object({ lastUpdate: isoTimeSchema, data: z.array(item) })
export interface Snapshot<T> {
  lastUpdate: string
  data: T[]
}

/** One run on this node, as PSWebHost's job cards know it. */
export const jobSchema = z.object({
  id: z.number().int(),
  name: z.string(),
  state: z.enum(['Running', 'Completed', 'Failed', 'Stopped']),
  hasMoreData: z.boolean(),
  location: z.string(),
  command: z.string(),
  childJobs: z.array(z.json()),
  psBeginTime: isoTimeSchema.nullable(),
  psEndTime: isoTimeSchema.nullable(),
  historyId: z.string(),
  taskId: z.string(),
})
export type Job = z.infer<typeof jobSchema>

/** One execution slot: `Busy` while a run holds it. */
export const runspaceSchema = z.object({
  id: z.number().int(),
  instanceId: z.string(),
  name: z.string(),
  availability: z.enum(['Available', 'Busy', 'RemoteDebug']),
  state: z.enum(['Opened', 'Closed', 'Broken']),
  jobId: z.number().int().nullable(),
  jobName: z.string().nullable(),
  threadOptions: z.string(),
})
export type Runspace = z.infer<typeof runspaceSchema>

/** A task this node may run, with its next slot here. */
export const cachedTaskSchema = z.object({
  taskId: z.string(),
  taskName: z.string(),
  appName: z.string(),
  priority: z.number().int(),
  nextRun: isoTimeSchema.nullable(),
  isRunning: z.boolean(),
})
export type CachedTask = z.infer<typeof cachedTaskSchema>
