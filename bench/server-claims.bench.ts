import { say } from './support/folders.ts'
import { informational, type BenchRow } from './support/rows.ts'
import { startNodes, type Nodes } from './support/server-claims/nodes.ts'
import { measure, oneAfterTheOther, rateOf, type Phase, type Rates } from './support/server-claims/rounds.ts'
import { withMariadb, withPostgres } from './support/server-claims/servers.ts'
import type { ServerAddress } from '../tests/support/servers/server.ts'

/**
 * Ten nodes and ten thousand due schedule rows on one server: slots, run rows, claims and leases as the scheduler
 * does them, against the specification's way and against two queues that live on PostgreSQL. All of them on the
 * same server (durable, with the settings it comes with), in batches of the same size; that every row was taken
 * exactly once is checked for each.
 */

const BATCHES = [20, 100]
const TIMES_FASTER = 5
/** The specification reads ten candidates, whatever a node could take. */
const SPECIFIED: Phase = { phase: 'all', batch: 10, limitMs: 60_000 }

/** What is measured of them, and what of ours they do not do. */
const PG_BOSS = 'pg-boss'
const GRAPHILE = 'graphile-worker'
const NOT_DONE = [
  `${PG_BOSS}: its jobs come from whoever inserts them, without schedules, slots or audit; its fetch takes the next rows in one statement, whatever else of a task runs, on whichever node.`,
  `${GRAPHILE}: the same; and its table has 4 indexes, where pg-boss has 17 and Task_History, which is the lists' too, 11.`,
]

export const rows = async (): Promise<BenchRow[]> => {
  for (const sentence of NOT_DONE) say(sentence)
  const nodes = startNodes()
  try {
    const onPostgres = await withPostgres((server) => postgresRows(nodes, server))
    const onMariadb = await withMariadb((server) => mariadbRows(nodes, server))
    if (!onMariadb) say('MariaDB is not installed: its rows are left out')
    return [...onPostgres, ...(onMariadb ?? [])]
  } finally {
    nodes.close()
  }
}

const each = (...phases: string[]): Phase[] =>
  BATCHES.flatMap((batch) => phases.map((phase) => ({ phase, batch })))

const postgresRows = async (nodes: Nodes, server: ServerAddress): Promise<BenchRow[]> => {
  const ours = await measure(nodes, server, 'ours', each('all', 'slots', 'claims'))
  const specification = await measure(nodes, server, 'specification', [SPECIFIED])
  const pgBoss = await measure(nodes, server, 'pgBoss', each('insert', 'fetch'))
  const graphileWorker = await measure(nodes, server, 'graphileWorker', each('insert', 'fetch'))
  const reference = rateOf(specification, SPECIFIED.phase, SPECIFIED.batch)
  return BATCHES.flatMap((batch) => [
    fasterThan(
      `due rows to claimed runs, ${batch} at once (the specification’s way)`,
      rateOf(ours, 'all', batch),
      reference,
    ),
    ...againstQueue(batch, ours, pgBoss, PG_BOSS),
    ...againstQueue(batch, ours, graphileWorker, GRAPHILE),
  ])
}

/** The whole way, and each half of it. */
const againstQueue = (batch: number, ours: Rates, queue: Rates, name: string): BenchRow[] => {
  const insert = rateOf(queue, 'insert', batch)
  const fetch = rateOf(queue, 'fetch', batch)
  const row = (what: string, figure: number, reference: number): BenchRow =>
    informational(`${what}, ${batch} at once (${name}: decides nothing)`, figure, {
      unit: 'runs/s',
      reference,
    })
  return [
    row('due rows to claimed runs', rateOf(ours, 'all', batch), oneAfterTheOther(insert, fetch)),
    row('slots to waiting runs', rateOf(ours, 'slots', batch), insert),
    row('claims alone', rateOf(ours, 'claims', batch), fetch),
  ]
}

const mariadbRows = async (nodes: Nodes, server: ServerAddress): Promise<BenchRow[]> => {
  const ours = await measure(nodes, server, 'ours', [{ phase: 'all', batch: 20 }])
  const specification = await measure(nodes, server, 'specification', [SPECIFIED])
  return [
    informational(
      'MariaDB: due rows to claimed runs, 20 at once (the specification’s way)',
      rateOf(ours, 'all', 20),
      {
        unit: 'runs/s',
        reference: rateOf(specification, SPECIFIED.phase, SPECIFIED.batch),
      },
    ),
  ]
}

const fasterThan = (line: string, figure: number, reference: number): BenchRow => ({
  line,
  figure,
  unit: 'runs/s',
  reference,
  ratio: figure / reference,
  budget: `>= ${TIMES_FASTER} ×`,
  ok: figure >= TIMES_FASTER * reference,
})
