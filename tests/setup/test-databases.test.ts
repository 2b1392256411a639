import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { chmodSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createProject } from './project.ts'

/** What `npm test` says of databases at its end, and a server that is there and does not start. */

const linesOf = async (outcomes?: unknown[], report?: unknown): Promise<string[]> => {
  const project = createProject()
  if (outcomes) project.write('databases.json', JSON.stringify(outcomes))
  project.write(
    'ask.mjs',
    `import { databaseLines } from './scripts/test/databases.mjs'
     console.log(databaseLines('databases.json', ${JSON.stringify(report)}, '/project').join('\\n'))`,
  )
  return (await project.run(['ask.mjs'])).stdout.trim().split('\n')
}

const test = (suite: string, status: string) => ({ ancestorTitles: [suite, 'inner'], status })
const file = (path: string, ...tests: ReturnType<typeof test>[]) => ({
  name: `/project/tests/${path}`,
  assertionResults: tests,
})

const REPORT = {
  testResults: [
    file(
      'data/write.test.ts',
      test('SQLite: writes', 'passed'),
      test('SQLite: reads', 'passed'),
      test('PostgreSQL: writes', 'failed'),
      test('the codec', 'passed'),
    ),
    file('data/read.test.ts', test('SQLite: reads', 'skipped'), test('MariaDB: reads', 'pending')),
    file('api/real-node.test.ts', test('PostgreSQL: a node', 'passed')),
    file('data/mssql-triggers.test.ts', test('SQL Server beside SQLite: triggers', 'passed')),
  ],
}

describe('the databases that npm test names at its end', () => {
  it('are listed with their version, or why tests did not run on them, and what ran in which folder', async () => {
    const outcomes = [
      { name: 'SQLite', version: '3.50.1' },
      { name: 'PostgreSQL', version: '18.4' },
      { name: 'MariaDB', reason: 'mariadbd is not installed', failed: false },
    ]
    expect(await linesOf(outcomes, REPORT)).toEqual([
      'database: SQLite 3.50.1 ran',
      'database: PostgreSQL 18.4 ran',
      'database: MariaDB not run (mariadbd is not installed)',
      'database: MySQL not run (set TEST_MYSQL_URL)',
      'database: SQL Server not run, its SQL is checked as text (set TEST_MSSQL_URL)',
      'passed/failed/skipped by database and folder:',
      '            SQLite  PostgreSQL  MariaDB  MySQL    SQL Server',
      'tests/api   -       1/0/0       not run  not run  not run',
      'tests/data  2/0/1   0/1/0       not run  not run  not run',
      'all         2/0/1   1/1/0       not run  not run  not run',
    ])
  })

  it('are not said to have run when no test of them was chosen, or they did not start', async () => {
    const outcomes = [
      { name: 'SQLite', version: '3.50.1' },
      { name: 'MariaDB', reason: 'mariadbd ended with code 1', failed: true },
    ]
    const report = { testResults: [file('domain/a.test.ts', test('a schedule', 'passed'))] }
    expect((await linesOf(outcomes, report)).slice(0, 3)).toEqual([
      'database: SQLite 3.50.1 not run (no test of it was chosen)',
      'database: PostgreSQL not run',
      'database: MariaDB FAILED to start (mariadbd ended with code 1)',
    ])
  })

  it('are all listed as not run when the tests never began', async () => {
    const lines = await linesOf()
    expect(lines.filter((line) => line.includes(' not run'))).toHaveLength(5)
    expect(lines).toHaveLength(5)
  })
})

const ROOT = join(import.meta.dirname, '..', '..')

describe('a database server that is installed and does not start', () => {
  it('fails the run and says why, though every test passes', { timeout: 60_000 }, async () => {
    const project = createProject()
    for (const program of ['mariadbd', 'mariadb-install-db'])
      project.write(program, '#!/bin/sh\necho "no room on the disk" >&2\nexit 1\n')
    // The account that servers run as looks into it, too.
    chmodSync(project.folder, 0o755)
    const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs')
    const args = [vitest, 'run', '--no-color', 'tests/domain/retry.test.ts']
    const path = `${project.folder}${delimiter}${process.env['PATH'] ?? ''}`
    // Not as a worker of the run that this test belongs to, nor in its report.
    const { VITEST: _, VITEST_WORKER_ID: __, VITEST_POOL_ID: ___, ...outside } = process.env
    delete outside['PSWEBHOST_TEST_DATABASES']
    const child = spawn(process.execPath, args, { cwd: ROOT, env: { ...outside, PATH: path } })
    const code = new Promise((resolve) => child.once('close', resolve))
    const [out, said] = await Promise.all([text(child.stdout), text(child.stderr)])
    expect(said).toMatch(/MariaDB FAILED to start: .*no room on the disk/)
    expect(out).toMatch(/Tests +\d+ passed \(/)
    expect(await code).toBe(1)
  })
})
