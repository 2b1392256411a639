import { spawn } from 'node:child_process'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { spoolFile } from '../../src/main/exec/spool.ts'
import { startEngineNode } from '../support/engine.ts'
import { tempDir } from '../support/node.ts'

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
    await before.close()
    // Where the output of an earlier run should be removed there is something else.
    const spool = spoolFile(join(dir, 'spool'), '01900000-0000-7000-8000-00000000000a')
    await mkdir(join(spool, 'folder'), { recursive: true })

    const { code, stderr } = await runProgram(dir)
    expect(stderr).toContain(spool)
    // Not one of the reasons a start foresees (code 3): something failed.
    expect(code).toBe(1)

    await rm(spool, { recursive: true })
    const after = await startEngineNode({ dir })
    const task = await after.task({})
    expect((await after.ended(await after.start(task.taskId))).state).toBe('Success')
  })
})

describe('a start that is refused', () => {
  it('ends with code 3 when another node has the folder, naming it', async () => {
    const node = await startEngineNode()
    const { code, stderr } = await runProgram(node.dir)
    expect(stderr).toContain(`${node.dir} is in use by node`)
    expect(code).toBe(3)
  })

  it('ends with code 2 when a key of the database shows its fault with its first use', async () => {
    const dir = await tempDir()
    const connection = '{ server: db.example, database: c, tls: { ca: /nowhere.pem } }'
    await writeFile(join(dir, 'app.yaml'), `database:\n  type: PostgreSQL\n  connection: ${connection}\n`)
    const { code, stderr } = await runProgram(dir)
    expect(stderr).toMatch(/^database\.connection\.tls\.ca/)
    expect(code).toBe(2)
  })

  it('ends with code 3 when node.json does not say who the node is', async () => {
    const dir = await tempDir()
    await writeFile(join(dir, 'node.json'), '{}')
    const { code, stderr } = await runProgram(dir)
    expect(stderr).toContain('node.json does not name this node')
    expect(code).toBe(3)
  })
})
