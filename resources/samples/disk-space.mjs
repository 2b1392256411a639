// Fails when a file system is nearly full.
import { statfs } from 'node:fs/promises'
import path from 'node:path'
import { atLeast, conclude, listOf, runTask, size } from './task.mjs'

const defaults = {
  /** Any folder on the file systems to look at; by default the one that this task runs on. */
  paths: [path.parse(process.cwd()).root],
  minFreePercent: 10,
  minFreeGb: 1,
}

const look = async (folder, minFreePercent, minFreeGb) => {
  const { bavail, blocks, bsize } = await statfs(folder)
  const free = bavail * bsize
  const percent = blocks === 0 ? 100 : (bavail / blocks) * 100
  const text = `${folder}: ${size(free)} free (${percent.toFixed(1)} %)`
  return { text, full: percent < minFreePercent || free < minFreeGb * 1024 ** 3 }
}

await runTask(defaults, async (parameters) => {
  const minFreePercent = atLeast(parameters, 'minFreePercent', 0)
  const minFreeGb = atLeast(parameters, 'minFreeGb', 0)
  const found = []
  for (const folder of listOf(parameters.paths)) found.push(await look(folder, minFreePercent, minFreeGb))
  const full = found.filter((one) => one.full)
  const limit = `less than ${minFreePercent} % or ${minFreeGb} GB`
  return conclude(
    found.map((one) => one.text).join('; '),
    full.map((one) => `${one.text}: ${limit}`),
  )
})
