import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { say, withTempFolder } from './support/folders.ts'
import { startNodeProcess, type NodeProcess } from './support/node-process.ts'
import { childrenOf, cpuSeconds, proportionalMb, residentMb } from './support/proc.ts'
import { below, informational, median, type BenchRow } from './support/rows.ts'
import { writeScript } from './support/bench-node.ts'

/** A node with a hundred tasks, none of them due, looked at for twenty seconds. */

const TASKS = 100
const SETTLE_MS = 15_000
const SAMPLE_MS = 20_000
const LOOKS = 20
const CPU_BUDGET = 1
const MEMORY_BUDGET_MB = 150

export const rows = async (): Promise<BenchRow[]> => {
  if (process.platform !== 'linux') {
    say('idle: only Linux tells a process’s CPU time and memory by file; nothing is measured here')
    return []
  }
  return withTempFolder(async (dir) => {
    writeScript(dir, 'nothing.sh', 'exit 0\n')
    const node = await startNodeProcess(dir, 'out/main/headless.js')
    const bare = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 1e6)'], { stdio: 'ignore' })
    try {
      await addTasks(node)
      await sleep(SETTLE_MS)
      return rowsOf(await watch([node.pid, ...childrenOf(node.pid), bare.pid ?? 0]))
    } finally {
      bare.kill()
      await node.stop()
    }
  })
}

/** Each runs once in the night, one now: the supervisor has worked like on any other day. */
const addTasks = async (node: NodeProcess): Promise<void> => {
  for (let n = 0; n < TASKS; n += 1) {
    const schedule = { type: 'once', at: '2035-01-01T00:00:00.000Z' } as const
    const { taskId } = await node.createTask({ taskName: `task ${n}`, scriptPath: 'nothing.sh', schedule })
    if (n === 0) await node.ask(`/tasks/${taskId}/run`, {})
  }
}

interface Usage {
  cpuPercent: number
  residentMb: number
  proportionalMb: number
}

/** Of each process: CPU over the whole time, memory as the median of the looks. */
const watch = async (pids: readonly number[]): Promise<Usage[]> => {
  const before = pids.map(cpuSeconds)
  const startedAt = performance.now()
  const memory = pids.map((): { resident: number[]; proportional: number[] } => ({
    resident: [],
    proportional: [],
  }))
  for (let look = 0; look < LOOKS; look += 1) {
    await sleep(SAMPLE_MS / LOOKS)
    memory.forEach(({ resident, proportional }, index) => {
      resident.push(residentMb(pids[index] ?? 0))
      proportional.push(proportionalMb(pids[index] ?? 0))
    })
  }
  const seconds = (performance.now() - startedAt) / 1000
  return pids.map((pid, index) => ({
    cpuPercent: ((cpuSeconds(pid) - (before[index] ?? 0)) / seconds) * 100,
    residentMb: median(memory[index]?.resident ?? []),
    proportionalMb: median(memory[index]?.proportional ?? []),
  }))
}

const rowsOf = (usages: readonly Usage[]): BenchRow[] => {
  const [node, supervisor, bare] = usages
  if (!node || !supervisor || !bare || usages.length !== 3)
    throw new Error(`expected a node and its supervisor, saw ${usages.length - 1} processes`)
  const cpu = node.cpuPercent + supervisor.cpuPercent
  const resident = node.residentMb + supervisor.residentMb
  const percent = { unit: '%' }
  const memory = { unit: 'MB', reference: bare.residentMb }
  return [
    below('idle CPU, node and supervisor', cpu, { ...percent, budget: CPU_BUDGET }),
    informational('idle CPU, the node alone', node.cpuPercent, percent),
    informational('idle CPU, the supervisor alone', supervisor.cpuPercent, percent),
    below('idle memory, node and supervisor (RSS, against a bare Node)', resident, {
      ...memory,
      budget: MEMORY_BUDGET_MB,
    }),
    informational('idle memory, the node alone (RSS)', node.residentMb, memory),
    informational('idle memory, the supervisor alone (RSS)', supervisor.residentMb, memory),
    informational(
      'idle memory, both (PSS: shared pages once)',
      node.proportionalMb + supervisor.proportionalMb,
      {
        unit: 'MB',
        reference: bare.proportionalMb,
      },
    ),
  ]
}
