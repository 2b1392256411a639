import { spawn } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openSqlite } from '../../src/main/data/sqlite/open-sqlite.ts'
import { startEngineNode } from '../support/engine.ts'
import { admin, tempDir } from '../support/node.ts'

const ENTRY = join(import.meta.dirname, 'fixtures', 'program.ts')

/** The program from its sources; resolves with how it ended. */
const runProgram = (dir: string): Promise<{ code: number | null; stderr: string }> => {
  const child = spawn(process.execPath, [ENTRY, '--data', dir, '--port', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stderr })))
}

describe('a start that fails while it recovers from the last one', () => {
  it('says why and ends, instead of staying as a process that does nothing', async () => {
    const dir = await tempDir()
    const before = await startEngineNode({ dir })
    const task = await before.task({})
    const { historyId } = await before.ended(await before.start(task.taskId))
    await before.close()
    const { nodeId } = JSON.parse(await readFile(join(dir, 'node.json'), 'utf8')) as { nodeId: string }
    const db = openSqlite({ path: join(dir, 'pswebhost.db') })
    db.prepare(
      `update "Task_History" set "State" = 'Running', "Incarnation" = 'earlier', "NodeID" = ? where "HistoryID" = ?`,
    ).run(nodeId, historyId)
    db.exec(
      `create trigger "broken" before update on "Task_History" begin select raise(abort, 'no space'); end`,
    )
    db.close()

    const { code, stderr } = await runProgram(dir)
    expect(stderr).toContain('no space')
    // Not one of the reasons a start foresees (code 3): something failed.
    expect(code).toBe(1)

    const mended = openSqlite({ path: join(dir, 'pswebhost.db') })
    mended.exec('drop trigger "broken"')
    mended.close()
    const after = await startEngineNode({ dir })
    expect(await after.services.runs.get(admin, historyId)).toMatchObject({ state: 'Lost' })
  })
})

describe('a start that is refused', () => {
  it('ends with code 3 when another node has the folder, naming it', async () => {
    const node = await startEngineNode()
    const { code, stderr } = await runProgram(node.dir)
    expect(stderr).toContain(`${node.dir} is in use by node`)
    expect(code).toBe(3)
  })

  it('ends with code 3 when node.json does not say who the node is', async () => {
    const dir = await tempDir()
    await writeFile(join(dir, 'node.json'), '{}')
    const { code, stderr } = await runProgram(dir)
    expect(stderr).toContain('node.json does not name this node')
    expect(code).toBe(3)
  })
})
