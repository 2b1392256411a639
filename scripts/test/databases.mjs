import { existsSync, readFileSync } from 'node:fs'
import { hasRun, matrix, matrixLines } from './matrix.mjs'

/** The tests' global set-up writes there which databases it has; only for the report below. */
export const DATABASES_VARIABLE = 'PSWEBHOST_TEST_DATABASES'

/** What is said of a database that tests did not run on, when nothing else is known of it. */
const DATABASES = [
  { name: 'SQLite', otherwise: 'not run' },
  { name: 'PostgreSQL', otherwise: 'not run' },
  { name: 'MariaDB', otherwise: 'not run' },
  { name: 'MySQL', otherwise: 'not run (set TEST_MYSQL_URL)' },
  { name: 'SQL Server', otherwise: 'not run, its SQL is checked as text (set TEST_MSSQL_URL)' },
]

/**
 * One line for each database a cluster may use: which version tests ran on, or why they did not. Then the matrix of
 * what ran on which.
 * @param {string} file what the global set-up wrote; it may be missing
 * @param {object | undefined} report vitest's JSON report
 * @param {string} root of the project
 * @returns {string[]}
 */
export function databaseLines(file, report, root) {
  const outcomes = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : []
  const names = DATABASES.map(({ name }) => name)
  const found = matrix(report, names, root)
  const lines = DATABASES.map(({ name, otherwise }) => {
    const outcome = outcomes.find((one) => one.name === name)
    return `database: ${name} ${outcome ? toldOf(outcome, hasRun(found, name)) : otherwise}`
  })
  return [...lines, ...matrixLines(found, names)]
}

const toldOf = ({ version, reason, failed }, ran) => {
  if (failed) return `FAILED to start (${reason})`
  if (reason !== undefined) return `not run (${reason})`
  return ran ? `${version} ran` : `${version} not run (no test of it was chosen)`
}
