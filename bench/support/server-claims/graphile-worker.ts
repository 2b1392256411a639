import { Logger, makeWorkerUtils, type Job, type TaskList, type WorkerSharedOptions } from 'graphile-worker'
import pg from 'pg'
import {
  countOnce,
  drain,
  makeShare,
  same,
  type Contestant,
  type Field,
  type Joined,
  type NodeIds,
  type Place,
} from './contestant.ts'
import { makeDatabase, pgConfig } from './databases.ts'

/**
 * graphile-worker's own tables and statements: `insert` is its `addJobs`, `fetch` what its local queue does for
 * `batch` jobs. That has no public name (its runner completes what it fetched), so it is taken from the file.
 */

export const graphileWorker: Contestant = { prepare, join }

const TASK = 'run'
const TASKS: TaskList = { [TASK]: () => {} }

interface Internals {
  batchGetJobs(
    options: unknown,
    withPgClient: unknown,
    tasks: TaskList,
    poolId: string,
    flagsToSkip: null,
    batchSize: number,
  ): Promise<Job[]>
  getUtilsAndReleasersFromOptions(
    options: WorkerSharedOptions & { taskList: TaskList },
  ): Promise<[{ withPgClient: unknown }, () => Promise<void>]>
}

const internal = async (file: string): Promise<Partial<Internals>> =>
  (await import(new URL(file, import.meta.resolve('graphile-worker')).href)) as Partial<Internals>

const internals = async (): Promise<Internals> => {
  const found = { ...(await internal('sql/getJobs.js')), ...(await internal('lib.js')) }
  const { batchGetJobs, getUtilsAndReleasersFromOptions } = found
  if (!batchGetJobs || !getUtilsAndReleasersFromOptions)
    throw new Error('graphile-worker looks different inside')
  return { batchGetJobs, getUtilsAndReleasersFromOptions }
}

const quiet = new Logger(() => () => {})

const optionsOf = (place: Place) => {
  const pgPool = new pg.Pool({ ...pgConfig(place), max: 3 })
  pgPool.on('error', () => {})
  pgPool.on('connect', (client) => client.on('error', () => {}))
  return { pgPool, logger: quiet }
}

async function prepare(place: Place): Promise<Field> {
  await makeDatabase(place)
  const options = optionsOf(place)
  const utils = await makeWorkerUtils(options)
  await utils.migrate()
  return {
    reset: async (phase) => {
      if (phase === 'insert') await options.pgPool.query('delete from graphile_worker._private_jobs')
    },
    settle: async () => void (await options.pgPool.query('vacuum analyze')),
    check: (phase, taken) => check(options.pgPool, phase, taken),
    close: async () => {
      await utils.release()
      await options.pgPool.end()
    },
  }
}

const check = async (pool: pg.Pool, phase: string, taken: readonly NodeIds[]): Promise<void> => {
  const count = countOnce(taken)
  const { rows } = await pool.query<{ holder: string | null; n: number }>(
    'select locked_by as holder, count(*)::int as n from graphile_worker._private_jobs group by 1',
  )
  const counts = new Map(rows.map(({ holder, n }) => [holder, n]))
  if (phase === 'insert') return same('jobs that wait', counts.get(null), count)
  for (const { index, ids } of taken)
    same(`jobs of node ${index}`, counts.get(`node-${index}`) ?? 0, ids.length)
}

async function join(place: Place, index: number): Promise<Joined> {
  const options = optionsOf(place)
  const utils = await makeWorkerUtils(options)
  const { batchGetJobs, getUtilsAndReleasersFromOptions } = await internals()
  const [compiled, release] = await getUtilsAndReleasersFromOptions({ ...options, taskList: TASKS })
  return {
    leave: async () => {
      await release()
      await utils.release()
      await options.pgPool.end()
    },
    work: async (work, tally) => {
      const { phase, batch } = work
      if (phase === 'insert')
        return makeShare(tally, batch, async (numbers) => {
          const jobs = numbers.map((n) => ({
            identifier: TASK,
            payload: { node: index, n },
            priority: n % 5,
          }))
          return (await utils.addJobs(jobs)).map((job) => job.id)
        })
      return drain(
        work,
        tally,
        async () => {
          const jobs = await batchGetJobs(
            compiled,
            compiled.withPgClient,
            TASKS,
            `node-${index}`,
            null,
            batch,
          )
          return jobs.map((job) => job.id)
        },
        async () => {
          const waiting = 'select 1 from graphile_worker._private_jobs where is_available limit 1'
          return (await options.pgPool.query(waiting)).rowCount === 1
        },
      )
    },
  }
}
