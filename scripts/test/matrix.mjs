import { relative, sep } from 'node:path'

/*
 * Which database ran what: tests that run on several databases stand in suites that begin with the name of one,
 * `PostgreSQL: claims`.
 */

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/**
 * Tests by database, and by folder below tests/.
 * @param {object | undefined} report vitest's JSON report
 * @param {readonly string[]} names of databases
 * @param {string} root of the project
 * @returns {Map<string, Map<string, Counts>>} an entry for each database that a test names
 */
export function matrix(report, names, root) {
  const found = new Map()
  for (const file of report?.testResults ?? [])
    for (const test of file.assertionResults) {
      const name = names.find((one) => test.ancestorTitles?.some((title) => title.startsWith(`${one}: `)))
      if (name !== undefined) count(found, name, folderOf(relative(root, file.name)), test.status)
    }
  return found
}

const folderOf = (file) => file.split(sep)[1] ?? file

function count(found, name, folder, status) {
  const folders = found.get(name) ?? new Map()
  const counts = folders.get(folder) ?? { passed: 0, failed: 0, skipped: 0 }
  const kind = status === 'passed' || status === 'failed' ? status : 'skipped'
  folders.set(folder, { ...counts, [kind]: counts[kind] + 1 })
  found.set(name, folders)
}

/** Whether any test ran on the database, with whatever end. */
export const hasRun = (found, name) =>
  [...(found.get(name)?.values() ?? [])].some(({ passed, failed }) => passed + failed > 0)

/**
 * A table: a row for each folder, a column for each database. Nothing when no test names a database.
 * @returns {string[]}
 */
export function matrixLines(found, names) {
  const folders = [...new Set([...found.values()].flatMap((one) => [...one.keys()]))].sort()
  if (folders.length === 0) return []
  const cells = (folder) =>
    names.map((name) => (hasRun(found, name) ? cellOf(found.get(name).get(folder)) : 'not run'))
  const all = names.map((name) => (hasRun(found, name) ? cellOf(sum(found.get(name))) : 'not run'))
  const rows = [
    ['', ...names],
    ...folders.map((folder) => [`tests/${folder}`, ...cells(folder)]),
    ['all', ...all],
  ]
  return ['passed/failed/skipped by database and folder:', ...aligned(rows)]
}

const cellOf = (counts) => (counts ? `${counts.passed}/${counts.failed}/${counts.skipped}` : '-')

const sum = (folders) =>
  [...folders.values()].reduce((all, one) => ({
    passed: all.passed + one.passed,
    failed: all.failed + one.failed,
    skipped: all.skipped + one.skipped,
  }))

function aligned(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd(),
  )
}
