import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { copyDatabase } from '../src/main/data/copy.ts'
import type { OpenDatabase } from '../src/main/data/db.ts'
import type { DatabaseConfig } from '../src/main/data/dialects/dialect.ts'
import { createDatabase } from '../src/main/data/orm.ts'
import { systemClock } from '../src/main/platform/clock.ts'
import type { CopyProgress, CopyResult } from '../src/shared/domain/database.ts'
import { sourceProgram } from '../tests/support/program.ts'
import { startMariadb } from '../tests/support/servers/mariadb.ts'
import { startPostgres } from '../tests/support/servers/postgres.ts'
import type { TestServer } from '../tests/support/servers/server.ts'
import { createTestDatabase, serverConfig } from '../tests/support/servers/test-database.ts'
import { cacheFolder, say, scale } from './support/folders.ts'
import { seededDatabase } from './support/large-database.ts'
import { below, informational, type BenchRow } from './support/rows.ts'

/** A cluster of 100,000 tasks and 1,000,000 changes moves from SQLite to PostgreSQL, to MariaDB, and back to SQLite. */

const COUNTS = { tasks: 100_000, runs: 100_000, changes: 1_000_000 }
/** Rows a second, from the file to PostgreSQL. */
const LEAST_ROWS_PER_SECOND = 10_000
/** A copy goes on inside of a node: how late its other work may be. */
const LATENESS_BUDGET_MS = 100

export const rows = async (): Promise<BenchRow[]> => {
  const factor = scale()
  const counts = {
    tasks: Math.ceil(COUNTS.tasks * factor),
    runs: Math.ceil(COUNTS.runs * factor),
    changes: Math.ceil(COUNTS.changes * factor),
  }
  const { folder } = await seededDatabase(`copy-${factor}`, counts)
  const servers: TestServer[] = []
  // Beside the source: the temporary folder may be memory.
  const last = mkdtempSync(join(cacheFolder(), 'copied-'))
  try {
    const measured: BenchRow[] = []
    const configs = [file(join(folder, 'pswebhost.db'))]
    for (const start of [startPostgres, startMariadb]) {
      const server = await start()
      servers.push(server)
      configs.push(serverConfig(server, await createTestDatabase(server)))
    }
    configs.push(file(join(last, 'pswebhost.db')))
    const results: CopyResult[] = []
    for (const [index, config] of configs.entries()) {
      const from = configs[index - 1]
      if (!from) continue
      const hop = await moved(from, config)
      measured.push(...rowsOf(`${from.type} → ${config.type}`, hop, index === 1))
      results.push(hop.result)
    }
    refuseDifferences(results)
    return measured
  } finally {
    for (const server of servers) await server.close()
    rmSync(last, { recursive: true, force: true })
  }
}

const file = (path: string): DatabaseConfig => ({
  type: 'SQLite',
  path,
  compressionLevel: 6,
  enableChangeTracking: true,
  timeoutSeconds: 5,
})

interface Hop {
  result: CopyResult
  rows: number
  copySeconds: number
  seconds: number
  latenessMs: number
}

const moved = async (from: DatabaseConfig, to: DatabaseConfig): Promise<Hop> => {
  const source = await opened(from)
  const target = await opened(to, true)
  const lateness = monitorEventLoopDelay({ resolution: 10 })
  lateness.enable()
  const startedAt = performance.now()
  let copiedAt = 0
  try {
    const result = await copyDatabase({
      ...{ source, target, clock: systemClock, signal: new AbortController().signal },
      onProgress: ({ phase }: CopyProgress) => {
        if (phase === 'copy') copiedAt = performance.now()
      },
    })
    const seconds = (performance.now() - startedAt) / 1000
    const count = result.tables.reduce((sum, table) => sum + table.rows, 0)
    const latenessMs = lateness.percentile(99) / 1e6 - 10
    say(
      `${from.type} → ${to.type}: ${count} rows in ${Math.round(seconds)} s, latest ${lateness.max / 1e6} ms`,
    )
    return { result, rows: count, seconds, latenessMs, copySeconds: (copiedAt - startedAt) / 1000 }
  } finally {
    lateness.disable()
    await target.close()
    await source.close()
  }
}

const opened = (config: DatabaseConfig, forCopy = false): Promise<OpenDatabase> =>
  createDatabase({
    config,
    forCopy,
    readerEntry: sourceProgram.readerEntry,
    nodeId: () => '01900000-0000-7000-8000-000000000001',
    clock: systemClock,
    programVersion: sourceProgram.version,
  })

const rowsOf = (
  hop: string,
  { rows: count, seconds, copySeconds, latenessMs }: Hop,
  isFirst: boolean,
): BenchRow[] => {
  const rate = Math.round(count / copySeconds)
  const lateness = `${hop}: lateness of the main loop (p99)`
  return [
    {
      line: `${hop}: rows copied`,
      figure: rate,
      unit: 'rows/s',
      budget: isFirst ? `> ${LEAST_ROWS_PER_SECOND}` : '-',
      ok: !isFirst || rate > LEAST_ROWS_PER_SECOND,
    },
    informational(`${hop}: rows copied and compared`, Math.round(count / seconds), { unit: 'rows/s' }),
    // A file is written on the main loop; nodes work on their way to a server, seldom on the way back.
    hop.endsWith('SQLite')
      ? informational(lateness, latenessMs, { unit: 'ms' })
      : below(lateness, latenessMs, { unit: 'ms', budget: LATENESS_BUDGET_MS }),
  ]
}

/** @throws when the journey changed anything. */
const refuseDifferences = (results: readonly CopyResult[]): void => {
  const [first] = results
  for (const { tables, to } of results)
    if (JSON.stringify(tables) !== JSON.stringify(first?.tables))
      throw new Error(`${to} is not what it began as`)
}
