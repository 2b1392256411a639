import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Run } from '../../src/shared/domain/run.ts'
import { isoOf } from '../../src/main/platform/clock.ts'
import { writeResult } from '../../src/main/exec/journal.ts'
import { startEngineNode } from '../support/engine.ts'
import { homes } from '../support/homes.ts'
import { eventually } from '../support/eventually.ts'
import { admin, QUICK, tempDir } from '../support/node.ts'

const FIXTURE = join(import.meta.dirname, 'fixtures', 'start-node.ts')

interface NodeProcess {
  child: ChildProcess
  run(taskId: string): Promise<string>
  kill(): Promise<void>
}

/** A node in a process of its own on `dir`, to be killed. */
const startProcess = async (dir: string, config = QUICK): Promise<NodeProcess> => {
  await writeFile(join(dir, 'app.yaml'), config)
  const child = spawn(process.execPath, [FIXTURE, dir], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const url = line.toString().trim()
  const token = (await readFile(join(dir, 'admin.token'), 'utf8')).trim()
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  return {
    child,
    run: async (taskId) => {
      const answer = await fetch(`${url}/api/v1/tasks/${taskId}/run`, { method: 'POST', headers, body: '{}' })
      return ((await answer.json()) as { historyId: string }).historyId
    },
    kill: async () => {
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
  }
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

const pidIn = (path: string): Promise<number> =>
  eventually(async () => {
    const text = await readFile(path, 'utf8').catch(() => '')
    return text.endsWith('\n') && Number(text)
  })

/** The first attempt goes on for long, the second ends at once. */
const SLOW_ONCE =
  'if [ -e ran ]; then echo again; exit 0; fi\ntouch ran; echo first; echo $$ > pid; sleep 60\n'

const slots = (runs: readonly Run[]): string[] =>
  runs
    .filter((run) => run.attempt === 1 && run.state !== 'Skipped')
    .map((run) => run.scheduledFor)
    // Those caught up start one after the other, beside those on time.
    .sort()

describe.each(homes())('$name: a node killed with -9 in the middle of a run', (home) => {
  it('leaves no script behind, reports the run Lost with its output, retries it, and goes on', async () => {
    const dir = await tempDir()
    const config = await home.config()
    const before = await startEngineNode({ dir, config })
    await before.script('slow.sh', SLOW_ONCE)
    const task = await before.task({ scriptPath: 'slow.sh', maxRetries: 1, retryDelay: 0 })
    const ticking = await before.task({
      ...{ schedule: '* * * * * *', misfirePolicy: 'All', overlapPolicy: 'Parallel' },
    })
    await before.close()

    const killed = await startProcess(dir, config)
    await killed.run(task.taskId)
    const pid = await pidIn(join(dir, 'scripts', 'pid'))
    await killed.kill()
    await eventually(() => !isAlive(pid))

    const after = await startEngineNode({ dir, config })
    const runs = await eventually(async () => {
      const all = await after.runs(task.taskId)
      return all.some((run) => run.state === 'Success') ? all : null
    })
    expect(runs.map((run) => [run.state, run.attempt, run.triggeredBy])).toEqual([
      ['Lost', 1, 'API'],
      ['Success', 2, 'Retry'],
    ])
    expect(runs[0]?.error).toContain('the node ended while the script ran')
    expect(await after.output(runs[0]?.historyId ?? '')).toBe('first\n')
    expect(await after.output(runs[1]?.historyId ?? '')).toBe('again\n')
    expect(await after.services.tasks.get(admin, task.taskId)).toMatchObject({
      ...{ isRunning: false, lastState: 'Success' },
    })
    const known = (await after.runs(ticking.taskId)).length
    const all = await eventually(async () => {
      const now = await after.runs(ticking.taskId)
      return now.length > known + 2 ? now : null
    })
    const seconds = slots(all).map((at) => Date.parse(at) / 1000)
    const [first = 0] = seconds
    expect(seconds).toEqual(seconds.map((_second, index) => first + index))
  })
})

describe('a result that the database had not taken', () => {
  it('is delivered by the next start with its true times and output', async () => {
    const dir = await tempDir()
    const before = await startEngineNode({ dir })
    const task = await before.task({ scriptPath: 'long.sh', maxRetries: 1 })
    await before.close()
    const killed = await startProcess(dir)
    const historyId = await killed.run(task.taskId)
    await eventually(async () =>
      (await readdir(join(dir, 'spool'))).some((name) => name.startsWith(historyId)),
    )
    const { incarnation } = JSON.parse(await readFile(join(dir, 'node.json'), 'utf8')) as {
      incarnation: string
    }
    await killed.kill()
    const hourAgo = Date.now() - 3_600_000
    const times = { startTime: isoOf(hourAgo), endTime: isoOf(hourAgo + 5_000) }
    await writeResult(join(dir, 'journal'), {
      ...{ historyId, incarnation, state: 'Success', exitCode: 0, signal: null, error: null, ...times },
      ...{ outputBytes: 8, outputTruncated: false },
    })
    // A crash while a result was being written leaves its draft.
    await writeFile(join(dir, 'journal', 'half.json.1.tmp'), '{"historyId"')
    const after = await startEngineNode({ dir })
    expect(await after.services.runs.get(admin, historyId)).toMatchObject({
      ...{ state: 'Success', exitCode: 0, error: null, duration: 5000, ...times },
    })
    expect(await after.runs(task.taskId)).toHaveLength(1)
    expect(await readdir(join(dir, 'journal'))).toEqual([])
  })
})

describe('a node that closes', () => {
  it('gives a running script its grace, then ends it as Stopped, and starts nothing more', async () => {
    const dir = await tempDir()
    const node = await startEngineNode({ dir })
    await node.script('short.sh', 'echo begun; sleep 0.7; echo whole\n')
    const [short, long] = [
      await node.task({ scriptPath: 'short.sh' }),
      await node.task({ scriptPath: 'long.sh' }),
    ]
    const [done, cut] = [await node.start(short.taskId), await node.start(long.taskId)]
    for (const id of [done, cut]) await eventually(async () => (await node.output(id)).length > 0)
    await node.close()
    const again = await startEngineNode({ dir })
    expect(await again.services.runs.get(admin, done)).toMatchObject({ state: 'Success' })
    expect(await again.output(done)).toBe('begun\nwhole\n')
    expect(await again.services.runs.get(admin, cut)).toMatchObject({ state: 'Stopped' })
    expect(await again.output(cut)).toBe('started\n')
    expect(await again.runs(long.taskId)).toHaveLength(1)
  })

  it('keeps waiting retries and starts them when it is back', async () => {
    const dir = await tempDir()
    const node = await startEngineNode({ dir })
    const task = await node.task({ scriptPath: 'fail.sh', maxRetries: 1, retryDelay: 2 })
    await node.ended(await node.start(task.taskId))
    await node.close()
    const again = await startEngineNode({ dir })
    const runs = await eventually(async () => {
      const all = await again.runs(task.taskId)
      return all.length === 2 && all.every((run) => run.state === 'Failed') ? all : null
    })
    const [first, second] = runs
    expect(second?.attempt).toBe(2)
    const waited = Date.parse(second?.startTime ?? '') - Date.parse(first?.endTime ?? '')
    expect(waited).toBeGreaterThanOrEqual(2000)
  })
})
