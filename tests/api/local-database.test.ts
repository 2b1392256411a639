import { MessageChannel } from 'node:worker_threads'
import { describe, expect, it, onTestFinished } from 'vitest'
import { localCaller } from '../../src/main/api/auth.ts'
import { createPortHandler } from '../../src/main/api/message-port.ts'
import { createLocalRouter } from '../../src/main/api/router.ts'
import { createSocketLink } from '../../src/main/cli/socket-link.ts'
import { memoryLog } from '../../src/main/platform/log.ts'
import { createLocalClient, type LocalClient } from '../../src/shared/client/create-client.ts'
import { createIpcLink } from '../../src/shared/client/ipc-link.ts'
import type { DatabaseTargetInput } from '../../src/shared/domain/database-target.ts'
import { eventually } from '../support/eventually.ts'
import { startLocalNode } from '../support/local-node.ts'
import { copyResult } from '../support/memory-database.ts'
import { createMemoryNode, type MemoryNode } from '../support/memory-services.ts'

const target: DatabaseTargetInput = {
  type: 'PostgreSQL',
  connection: { server: 'db.example', database: 'cluster', password: 'geheim-42' },
}

interface Asked extends MemoryNode {
  client: LocalClient
}

const overSocket = async (): Promise<Asked> => {
  const node = await startLocalNode()
  const socket = createSocketLink(node.path)
  onTestFinished(async () => {
    await socket.close()
    await node.control.close()
  })
  return { ...node, client: createLocalClient(socket.link) }
}

const overPort = async (): Promise<Asked> => {
  const node = createMemoryNode()
  const { port1, port2 } = new MessageChannel()
  createPortHandler(createLocalRouter(node.services), memoryLog())(port2, localCaller('Manual'))
  onTestFinished(() => port1.close())
  return { ...node, client: createLocalClient(createIpcLink(port1)) }
}

describe.each([
  ['the control socket', overSocket],
  ['the port of the window', overPort],
])('the database over %s', (_, open) => {
  it('is told, tested, prepared, migrated and exchanged', async () => {
    const { client, callers } = await open()
    const { database } = client.local
    expect(await database.current({})).toMatchObject({ where: '/data/pswebhost.db', inUse: true })
    expect(await database.test({ target })).toMatchObject({ ok: true, where: 'cluster on db.example:5432' })
    expect(await database.createSchema({ target })).toMatchObject({ schemaNeeds: 'nothing' })
    expect(await database.migrate({})).toEqual({ applied: ['0003-several-databases'], schemaVersion: 3 })
    expect(await database.switch({ target })).toMatchObject({
      needsRestart: true,
      before: '/data/app.yaml.before-switch',
    })
    expect(await database.current({})).toMatchObject({ inUse: false, where: 'cluster on db.example:5432' })
    expect(callers.every(({ actor }) => actor.startsWith('local:'))).toBe(true)
  })

  it('is copied step by step, the result last', async () => {
    const { client } = await open()
    const steps: object[] = []
    for await (const step of await client.local.database.copy({ target })) steps.push(step)
    expect(steps).toEqual([
      { phase: 'copy', table: 'Tasks', done: 1, total: 2 },
      { phase: 'copy', table: 'Tasks', done: 2, total: 2 },
      { phase: 'verify', table: 'Tasks', done: 2, total: 2 },
      { done: copyResult('cluster on db.example:5432') },
    ])
  })

  it('is copied no longer when whoever asked leaves, between two steps or while one is awaited', async () => {
    const { client, services } = await open()
    const ends: string[] = []
    services.database.copy = (_caller, _target, { onProgress, signal }) =>
      new Promise((_, reject) => {
        onProgress({ phase: 'copy', table: 'Tasks', done: 1, total: 2 })
        signal.addEventListener('abort', () => reject(new Error('cancelled')), { once: true })
        signal.addEventListener('abort', () => ends.push('cancelled'), { once: true })
      })
    for await (const step of await client.local.database.copy({ target })) if ('phase' in step) break
    await eventually(() => ends.length === 1)
    const leave = new AbortController()
    const steps = await client.local.database.copy({ target }, { signal: leave.signal })
    const reading = (async () => {
      for await (const _step of steps) setTimeout(() => leave.abort(), 50)
    })()
    await reading.catch(() => undefined)
    await eventually(() => ends.length === 2)
  })

  it('fails half-way with the reason it had', async () => {
    const { client, services } = await open()
    services.database.copy = async (_caller, _target, { onProgress }) => {
      onProgress({ phase: 'copy', table: 'Tasks', done: 1, total: 2 })
      throw Object.assign(new Error('the disk is full'), { code: 'X' })
    }
    const read = async (): Promise<void> => {
      for await (const _step of await client.local.database.copy({ target })) continue
    }
    // What is no AppError is a bug: its text stays in the log.
    await expect(read()).rejects.toMatchObject({ code: 'INTERNAL' })
  })

  it.each([
    [{ type: 'Oracle' }, ['target', 'type'], 'must be one of SQLite'],
    [{ type: 'MySQL', connection: { port: 0 } }, ['target', 'connection', 'port'], 'from 1 to 65535'],
    [{ type: 'MySQL', connection: { host: 'a' } }, ['target', 'connection', 'host'], 'is not known'],
    [{ type: 'MySQL', connection: { ssl: 'yes' } }, ['target', 'connection', 'ssl'], 'no-verify'],
    [{ type: 'MySQL', connection: { password: '' } }, ['target', 'connection', 'password'], 'not be empty'],
    [{ type: 'MySQL', options: { poolSize: 0 } }, ['target', 'options', 'poolSize'], 'from 1 to 100'],
  ])('is refused by the field that is wrong: %j', async (wrong, path, message) => {
    const { client } = await open()
    // What a program may send that knows no types.
    const refused = client.local.database.test({ target: wrong as DatabaseTargetInput })
    await expect(refused).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      issues: [{ path, message: expect.stringContaining(message) as string }],
    })
  })
})
