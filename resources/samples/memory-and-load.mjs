// Fails when this machine is short of memory or has had more work than processors for a while.
import { readFile } from 'node:fs/promises'
import os from 'node:os'
import { atLeast, conclude, runTask, size } from './task.mjs'

const defaults = {
  minFreePercent: 10,
  /** Average of 15 minutes divided by processors; Windows keeps no such figure and is not judged by it. */
  maxLoadPerProcessor: 2,
}

/** Linux counts caches as used; what programs can still get is MemAvailable. */
const available = async () => {
  const text = await readFile('/proc/meminfo', 'utf8').catch(() => '')
  const kilobytes = /^MemAvailable:\s+(\d+) kB/m.exec(text)?.[1]
  return kilobytes === undefined ? os.freemem() : Number(kilobytes) * 1024
}

await runTask(defaults, async (parameters) => {
  const minFreePercent = atLeast(parameters, 'minFreePercent', 0)
  const maxLoad = atLeast(parameters, 'maxLoadPerProcessor', 0)
  const free = await available()
  const percent = (free / os.totalmem()) * 100
  const load = (os.loadavg()[2] ?? 0) / os.availableParallelism()
  const memory = `${size(free)} of ${size(os.totalmem())} memory free (${percent.toFixed(1)} %)`
  const work = `load ${load.toFixed(2)} for each processor`
  return conclude(`${memory}; ${work}; up ${(os.uptime() / 86_400).toFixed(1)} days`, [
    ...(percent < minFreePercent ? [`${memory}: less than ${minFreePercent} %`] : []),
    ...(load > maxLoad ? [`${work}: more than ${maxLoad}`] : []),
  ])
})
