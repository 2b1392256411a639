import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, readdir, stat, writeFile } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { acquireControl, findHolder, holderText, type Control } from '../../src/main/api/control.ts'
import { createSocketLink } from '../../src/main/cli/socket-link.ts'
import { createLocalClient } from '../../src/shared/client/create-client.ts'
import { controlOptions, newFolder, startLocalNode } from '../support/local-node.ts'

const socketIn = async (): Promise<string> => join(await newFolder(), 'control.sock')

const acquire = async (path: string): Promise<Control> => {
  const acquired = await acquireControl(controlOptions(path))
  if (!acquired.held) throw new Error(`held by ${holderText(acquired.holder)}`)
  return acquired.control
}

/** A process that takes the folder, says so, and is killed: its socket file stays behind. */
const leaveStaleSocket = async (path: string): Promise<void> => {
  const script = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => console.log('up'))`
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  await new Promise((resolve) => child.stdout.once('data', resolve))
  child.kill('SIGKILL')
  await new Promise((resolve) => child.once('exit', resolve))
  expect(existsSync(path)).toBe(true)
}

describe.skipIf(process.platform === 'win32')('the control socket', () => {
  it('is closed to other users and gone after close, with nothing left beside it', async () => {
    const path = await socketIn()
    const control = await acquire(path)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await readdir(dirname(path))).toEqual(['control.sock'])
    await control.close()
    expect(await readdir(dirname(path))).toEqual([])
  })

  it('tells a second start who holds the folder, before and after the node is up', async () => {
    const path = await socketIn()
    const control = await acquire(path)
    const early = await acquireControl(controlOptions(path))
    expect(early).toMatchObject({
      held: false,
      holder: { state: 'starting', pid: process.pid, version: '0.1.0' },
    })
    control.announce({ nodeId: 'n1', nodeName: 'desk', url: 'http://127.0.0.1:7780' })
    const late = await acquireControl(controlOptions(path))
    expect(late).toMatchObject({ held: false, holder: { nodeName: 'desk', url: 'http://127.0.0.1:7780' } })
    if (late.held) throw new Error('held twice')
    expect(holderText(late.holder)).toContain(`node desk (process ${process.pid}`)
    await control.close()
    expect(await findHolder(path)).toBeNull()
  })

  it('leaves the holder’s socket alone when the loser gives up', async () => {
    const path = await socketIn()
    const control = await acquire(path)
    await acquireControl(controlOptions(path))
    expect(await findHolder(path)).toMatchObject({ pid: process.pid })
    expect(await readdir(dirname(path))).toEqual(['control.sock'])
    await control.close()
  })

  it('takes over the socket of a killed process', async () => {
    const path = await socketIn()
    await leaveStaleSocket(path)
    expect(await findHolder(path)).toBeNull()
    const control = await acquire(path)
    expect(await findHolder(path)).toMatchObject({ state: 'starting' })
    await control.close()
    expect(await readdir(dirname(path))).toEqual([])
  })

  it('lets exactly one of eight take over a stale socket, again and again', async () => {
    for (let round = 0; round < 8; round++) {
      const path = await socketIn()
      await leaveStaleSocket(path)
      const all = await Promise.all(Array.from({ length: 8 }, () => acquireControl(controlOptions(path))))
      const winners = all.flatMap((acquired) => (acquired.held ? [acquired.control] : []))
      expect(winners).toHaveLength(1)
      expect(await readdir(dirname(path))).toEqual(['control.sock'])
      await Promise.all(winners.map((control) => control.close()))
    }
  })

  it('does not take over from one that listens and never answers', async () => {
    const path = await socketIn()
    const callers: Socket[] = []
    const mute = createServer((socket) => void callers.push(socket))
    await new Promise<void>((resolve) => void mute.listen(path, resolve))
    expect(await acquireControl(controlOptions(path))).toMatchObject({
      held: false,
      holder: { state: 'unknown' },
    })
    for (const socket of callers) socket.destroy()
    await new Promise((resolve) => mute.close(resolve))
  })

  it('replaces a plain file under its name and says why a folder will not do', async () => {
    const path = await socketIn()
    await writeFile(path, 'left by something else')
    await (await acquire(path)).close()
    if (process.getuid?.() !== 0) {
      await chmod(dirname(path), 0o500)
      await expect(acquire(path)).rejects.toThrow(/control socket .* cannot be made/)
    }
    await expect(acquire(join(path, 'no', 'such', 'folder'))).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  })

  it('answers calls with UNAVAILABLE until the node serves', async () => {
    const path = await socketIn()
    const control = await acquire(path)
    const socket = createSocketLink(path)
    const call = createLocalClient(socket.link).system.info({})
    await expect(call).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('starting') as string,
    })
    await socket.close()
    await control.close()
  })

  it('serves what HTTP never does, as the local user and admin', async () => {
    const node = await startLocalNode()
    const socket = createSocketLink(node.path)
    const client = createLocalClient(socket.link)
    expect((await client.local.doctor({})).findings).toHaveLength(2)
    expect(node.callers.at(-1)).toMatchObject({ role: 'admin', trigger: 'API' })
    expect(node.callers.at(-1)?.actor).toMatch(/^local:/)
    const steps = []
    for await (const step of await client.local.importPaths({ paths: ['/a', '/b'] })) steps.push(step)
    expect(steps).toMatchObject([{ done: 1, total: 2 }, { done: 2, total: 2 }, { result: { created: 2 } }])
    await socket.close()
    await node.control.close()
  })

  it('ends open streams when the node closes', async () => {
    const node = await startLocalNode()
    const socket = createSocketLink(node.path)
    const events = await createLocalClient(socket.link).events({})
    const reading = (async () => {
      for await (const event of events) expect(event.type).toBe('hello')
    })()
    const ended = expect(reading).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    await node.control.close()
    await ended
    await socket.close()
  })
})
