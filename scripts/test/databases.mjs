import { existsSync, readFileSync } from 'node:fs'

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
 * One line for each database a cluster may use: which version tests ran on, or why they did not.
 * @param {string} file what the global set-up wrote; it may be missing
 * @returns {string[]}
 */
export function databaseLines(file) {
  const outcomes = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : []
  return DATABASES.map(({ name, otherwise }) => {
    const outcome = outcomes.find((one) => one.name === name)
    if (outcome?.version) return `database: ${name} ${outcome.version} ran`
    return `database: ${name} ${outcome ? `not run (${outcome.reason})` : otherwise}`
  })
}
