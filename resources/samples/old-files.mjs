// Deletes files that nobody changed for a while. Only says what it would delete until dryRun is false.
import { lstat, readdir, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { atLeast, conclude, namePattern, Problem, required, runTask, size } from './task.mjs'

const defaults = { folder: '', pattern: '*.tmp', olderThanDays: 30, recursive: true, dryRun: true }

const DAY = 86_400_000

/** A wrong `folder` must not be able to empty a machine. */
const refuseDangerous = (folder) => {
  const full = path.resolve(folder)
  const depth = full.slice(path.parse(full).root.length).split(path.sep).filter(Boolean).length
  if (depth === 0 || full === path.resolve(os.homedir()))
    throw new Problem(`${full} is too much to clean up: name a folder below it`)
  return full
}

/** Links are neither followed nor deleted. */
const oldFiles = async (folder, options) => {
  const found = []
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name)
    if (entry.isDirectory() && options.recursive) found.push(...(await oldFiles(file, options)))
    if (!entry.isFile() || !options.pattern.test(entry.name)) continue
    const { mtimeMs, size: bytes } = await lstat(file)
    if (mtimeMs < options.before) found.push({ file, bytes })
  }
  return found
}

await runTask(defaults, async (parameters) => {
  const folder = refuseDangerous(required(parameters, 'folder'))
  const before = Date.now() - atLeast(parameters, 'olderThanDays', 0) * DAY
  const pattern = namePattern(parameters.pattern)
  const files = await oldFiles(folder, { before, pattern, recursive: parameters.recursive })
  const total = `${files.length} file(s), ${size(files.reduce((sum, one) => sum + one.bytes, 0))}`
  if (parameters.dryRun !== false)
    return `Dry run: would delete ${total} in ${folder}; set dryRun to false to do so`
  const problems = []
  for (const { file } of files) await rm(file).catch((error) => problems.push(`${file}: ${error.message}`))
  return conclude(`Deleted ${total} in ${folder}`, problems)
})
