import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../src/main/platform/clock.ts'
import { startEngineNode, type EngineNode } from '../support/engine.ts'
import { eventually } from '../support/eventually.ts'
import { QUICK } from '../support/node.ts'
import { readyUrl } from '../support/ready-url.ts'

const ENTRY = join(import.meta.dirname, 'fixtures', 'program.ts')
const LONG_GRACE = QUICK.replace('shutdownGraceSeconds: 1', 'shutdownGraceSeconds: 600')

const startLong = async (node: EngineNode): Promise<string> => {
  const task = await node.task({ taskName: 'long one', scriptPath: 'long.sh' })
  const historyId = await node.start(task.taskId)
  await eventually(async () => (await node.output(historyId)) === 'started\n')
  return historyId
}

/** The supervisor of this process; there is one, for there is one node. */
const supervisorPid = async (): Promise<number> => {
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const read = (file: string): Promise<string> => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')
    const [stat, command] = [await read('stat'), await read('cmdline')]
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
    if (parent === process.pid && command.includes('supervisor.ts')) return Number(pid)
  }
  throw new Error('this process has no supervisor')
}

const logOf = async (dir: string): Promise<string> => {
  const names = await readdir(join(dir, 'logs'))
  return (await Promise.all(names.map((name) => readFile(join(dir, 'logs', name), 'utf8')))).join('\n')
}

describe('a node that is told to stop', () => {
  it('ends the wait for its scripts at the second signal', async () => {
    const node = await startEngineNode({ config: LONG_GRACE })
    const before = await startLong(node)
    node.hurry()
    await node.close()

    const child = spawn(process.execPath, [ENTRY, '--data', node.dir, '--port', '0'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    const exited = once(child, 'exit')
    const url = await readyUrl(child)
    const token = (await readFile(join(node.dir, 'admin.token'), 'utf8')).trim()
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const ask = async (
      path: string,
      method = 'GET',
    ): Promise<{ state: string; taskId: string; historyId: string }> => {
      const answer = await fetch(`${url}/api/v1${path}`, {
        ...{ method, headers },
        ...(method === 'POST' ? { body: '{}' } : {}),
      })
      return (await answer.json()) as { state: string; taskId: string; historyId: string }
    }
    const { taskId } = await ask(`/history/${before}`)
    const { historyId } = await ask(`/tasks/${taskId}/run`, 'POST')
    await eventually(async () => (await ask(`/history/${historyId}`)).state === 'Running')
    child.kill('SIGTERM')
    await eventually(async () => (await logOf(node.dir)).includes(`for long one (${historyId})`))
    // Signals of one key press come together; a second one is later.
    await systemClock.sleep(600)
    child.kill('SIGTERM')
    expect((await exited)[0]).toBe(0)

    const after = await startEngineNode({ dir: node.dir, config: LONG_GRACE })
    expect((await after.ended(historyId)).state).toBe('Stopped')
  })

  it.skipIf(process.platform !== 'linux')(
    'kills a supervisor that hangs, so that no script lives and the node ends',
    { timeout: 60_000 },
    async () => {
      const node = await startEngineNode()
      const historyId = await startLong(node)
      process.kill(await supervisorPid(), 'SIGSTOP')
      const began = systemClock.monotonic()
      await node.close()
      expect(systemClock.monotonic() - began).toBeLessThan(25_000)
      const after = await startEngineNode({ dir: node.dir })
      const run = await after.ended(historyId)
      expect(run.state).toBe('Failed')
      expect(run.error).toContain('the supervisor was ended by SIGKILL')
    },
  )
})
