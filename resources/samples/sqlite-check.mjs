// Fails when a SQLite database is damaged. Reads only.
import { execFile } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { promisify } from 'node:util'
import { listOf, Problem, runTask, size } from './task.mjs'

const defaults = {
  files: [],
  /** `quick` skips comparing indexes with their tables: much faster on large files. */
  check: 'quick',
}

/** Node's own SQLite (Node 22.13 and later, without its warning that the module is young), else null. */
const openWithNode = async () => {
  const warn = process.emitWarning
  process.emitWarning = () => {}
  try {
    return (await import('node:sqlite')).DatabaseSync
  } catch {
    return null
  } finally {
    process.emitWarning = warn
  }
}

const findingsWithNode = (DatabaseSync, file, pragma) => {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    return database
      .prepare(`PRAGMA ${pragma}`)
      .all()
      .map((row) => String(Object.values(row)[0]))
  } finally {
    database.close()
  }
}

const findingsWithCommand = async (file, pragma) => {
  const { stdout } = await promisify(execFile)('sqlite3', ['-readonly', file, `PRAGMA ${pragma};`])
  return stdout.trim().split('\n')
}

await runTask(defaults, async (parameters) => {
  const files = listOf(parameters.files)
  if (files.length === 0) throw new Problem('Set the parameter "files"')
  if (!['quick', 'full'].includes(parameters.check))
    throw new Problem('The parameter "check" must be quick or full')
  const pragma = parameters.check === 'full' ? 'integrity_check' : 'quick_check'
  const DatabaseSync = await openWithNode()
  const fine = []
  const problems = []
  for (const file of files) {
    try {
      const { size: bytes } = await stat(file)
      const found = DatabaseSync
        ? findingsWithNode(DatabaseSync, file, pragma)
        : await findingsWithCommand(file, pragma)
      if (found.length === 1 && found[0] === 'ok') fine.push(`${file}: ok (${size(bytes)})`)
      else problems.push(`${file}: ${found.slice(0, 10).join('; ')}`)
    } catch (error) {
      problems.push(`${file}: ${error.message}`)
    }
  }
  if (problems.length > 0) throw new Problem(problems.join('\n'))
  return fine.join('; ')
})
