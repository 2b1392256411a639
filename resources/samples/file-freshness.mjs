// Fails when the newest file of a folder is too old: did the backup, the export, the transfer happen?
import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { atLeast, namePattern, Problem, required, runTask, size } from './task.mjs'

const defaults = { folder: '', pattern: '*', maxAgeHours: 26, minBytes: 1 }

const HOUR = 3_600_000

await runTask(defaults, async (parameters) => {
  const folder = path.resolve(required(parameters, 'folder'))
  const maxAgeHours = atLeast(parameters, 'maxAgeHours', 0)
  const minBytes = atLeast(parameters, 'minBytes', 0)
  const pattern = namePattern(parameters.pattern)
  const names = (await readdir(folder)).filter((name) => pattern.test(name))
  const files = await Promise.all(
    names.map(async (name) => ({ name, ...(await stat(path.join(folder, name))) })),
  )
  const newest = files.reduce((best, one) => (best === null || one.mtimeMs > best.mtimeMs ? one : best), null)
  if (!newest) throw new Problem(`${folder} holds nothing that matches ${parameters.pattern}`)
  const hours = (Date.now() - newest.mtimeMs) / HOUR
  const text = `${newest.name} in ${folder} is ${hours.toFixed(1)} hours old, ${size(newest.size)}`
  if (hours > maxAgeHours) throw new Problem(`${text}: older than ${maxAgeHours} hours`)
  if (newest.size < minBytes) throw new Problem(`${text}: smaller than ${minBytes} bytes`)
  return text
})
