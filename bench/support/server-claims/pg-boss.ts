import pg from 'pg'
import { PgBoss } from 'pg-boss'
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

/** pg-boss with its own tables and settings; its maintenance is left out. `insert` and `fetch`, `batch` at once. */

export const pgBoss: Contestant = { prepare, join }

const QUEUE = 'runs'

const bossOf = (place: Place, migrate: boolean): PgBoss => {
  const boss = new PgBoss({ ...pgConfig(place), max: 3, supervise: false, schedule: false, migrate })
  boss.on('error', (error) => console.error(error))
  return boss
}

async function prepare(place: Place): Promise<Field> {
  await makeDatabase(place)
  const boss = bossOf(place, true)
  await boss.start()
  await boss.createQueue(QUEUE)
  const client = new pg.Client(pgConfig(place))
  await client.connect()
  return {
    // Jobs are made by the first phase.
    reset: async (phase) => {
      if (phase === 'insert') await boss.deleteAllJobs(QUEUE)
    },
    settle: async () => void (await client.query('vacuum analyze')),
    check: (phase, taken) => check(client, phase, taken),
    close: async () => {
      await client.end()
      await boss.stop({ graceful: false })
    },
  }
}

const check = async (client: pg.Client, phase: string, taken: readonly NodeIds[]): Promise<void> => {
  const state = phase === 'fetch' ? 'active' : 'created'
  const { rows } = await client.query<{ n: number }>(
    `select count(*)::int as n from pgboss.job where name = '${QUEUE}' and state = '${state}'`,
  )
  same(`jobs that are ${state}`, rows[0]?.n, countOnce(taken))
}

async function join(place: Place, index: number): Promise<Joined> {
  const boss = bossOf(place, false)
  await boss.start()
  const client = new pg.Client(pgConfig(place))
  await client.connect()
  return {
    leave: async () => {
      await client.end()
      await boss.stop({ graceful: false })
    },
    work: async (work, tally) => {
      const { phase, batch } = work
      if (phase === 'insert')
        return makeShare(tally, batch, async (numbers) => {
          const jobs = numbers.map((n) => ({ data: { node: index, n }, priority: n % 5 }))
          return (await boss.insert(QUEUE, jobs, { returnId: true })) ?? []
        })
      return drain(
        work,
        tally,
        async () => (await boss.fetch(QUEUE, { batchSize: batch })).map((job) => job.id),
        async () => {
          const waiting = `select 1 from pgboss.job where name = '${QUEUE}' and state < 'active' limit 1`
          return (await client.query(waiting)).rowCount === 1
        },
      )
    },
  }
}
