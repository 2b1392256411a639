import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Services } from '../../src/main/services/services.ts'
import type { Client } from '../../src/shared/client/create-client.ts'
import { AppError } from '../../src/shared/domain/errors.ts'

export interface Subject {
  client: Client
  /** What a run started over this transport is triggered by. */
  trigger: 'Manual' | 'API'
  /** Writes output of a run and, with `end`, finishes it. */
  write(historyId: string, bytes: Uint8Array, end?: 'Success' | 'Failed'): void
  /** Open event and output streams. */
  readers(): number
  services: Services
  close(): Promise<void>
}

const UNKNOWN = '0190ffff-0000-7000-8000-000000000000'
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

const failure = async (call: Promise<unknown>): Promise<AppError> => {
  const error = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(AppError)
  return error as AppError
}

const until = async (holds: () => boolean): Promise<void> => {
  for (let tries = 0; tries < 200 && !holds(); tries++)
    await new Promise((resolve) => setTimeout(resolve, 10))
  expect(holds()).toBe(true)
}

/** What every transport of the contract must do alike. */
export const contractSuite = (name: string, open: () => Promise<Subject>): void => {
  describe(`${name}: the contract`, () => {
    let subject: Subject
    let client: Client
    beforeAll(async () => {
      subject = await open()
      client = subject.client
    })
    afterAll(() => subject.close())

    const newTask = (taskName: string) => client.tasks.create({ taskName, scriptPath: 'a.sh' })
    const newRun = async (taskName: string): Promise<string> => {
      const { taskId } = await newTask(taskName)
      return (await client.tasks.run({ taskId })).historyId
    }

    it('creates with defaults, reads, changes and deletes a task', async () => {
      const created = await newTask('Life')
      expect(created).toMatchObject({ taskName: 'Life', enabled: true, retryDelay: 60, version: 1 })
      const changed = await client.tasks.update({ taskId: created.taskId, priority: 5, tags: ['a', 'b'] })
      expect(changed).toMatchObject({ priority: 5, tags: ['a', 'b'], version: 2 })
      expect(await client.tasks.get({ taskId: created.taskId })).toEqual(changed)
      expect(await client.tasks.remove({ taskId: created.taskId })).toBeUndefined()
      expect((await failure(client.tasks.get({ taskId: created.taskId }))).code).toBe('NOT_FOUND')
    })

    it('lists with filters and a limit', async () => {
      await newTask('Listed one')
      await newTask('Listed two')
      const page = await client.tasks.list({ search: 'Listed', limit: 1 })
      expect(page.items.map(({ taskName }) => taskName)).toEqual(['Listed one'])
      expect(page.nextCursor).not.toBeNull()
      expect((await client.history.list({ state: ['Failed', 'Lost'] })).items).toEqual([])
    })

    it('carries an error with code, field issues and nothing of the inside', async () => {
      const error = await failure(client.tasks.create({ taskName: '', scriptPath: 'x', priority: 0.5 }))
      expect(error.code).toBe('BAD_REQUEST')
      expect(error.issues?.map(({ path }) => path.join('.')).sort()).toEqual(['priority', 'taskName'])
    })

    it('names the field that a mistyped one was meant to be', async () => {
      // A caller without our types: that is what this is about.
      const mistyped = { taskName: 'x', scriptPath: 'y', shedule: null } as {
        taskName: string
        scriptPath: string
      }
      const error = await failure(client.tasks.create(mistyped))
      expect(error.issues).toEqual([
        { path: ['shedule'], message: expect.stringContaining('schedule') as string },
      ])
    })

    it('carries the reason of a change and refuses a stale version with the current record', async () => {
      const { taskId } = await newTask('Reasons')
      await client.tasks.update({ taskId, priority: 1 }, { context: { reason: 'Größer, 100 %', ifMatch: 1 } })
      const [change] = (await client.changes.list({ limit: 1 })).items
      expect(change).toMatchObject({ changeReason: 'Größer, 100 %', action: 'UPDATE', recordId: taskId })
      const stale = await failure(client.tasks.update({ taskId, priority: 2 }, { context: { ifMatch: 1 } }))
      expect(stale).toMatchObject({ code: 'CONFLICT', current: { taskId, version: 2, priority: 1 } })
    })

    it('carries what a failure has to show besides', async () => {
      await newTask('Reverted')
      const [change] = (await client.changes.list({ limit: 1 })).items
      const changeId = change?.changeId ?? ''
      expect(await failure(client.changes.revert({ changeId }))).toMatchObject({
        code: 'CONFLICT',
        data: { items: [] },
      })
      expect(await client.changes.revert({ changeId, force: true })).toMatchObject({ reverted: true })
    })

    it('says what a run was started by', async () => {
      const historyId = await newRun('Triggered')
      expect(await client.history.get({ historyId })).toMatchObject({ triggeredBy: subject.trigger })
    })

    it('answers every other area', async () => {
      const { taskId } = await newTask('Everything')
      expect((await client.tasks.schedule({ taskId })).items).toEqual([])
      expect((await client.tasks.history({ taskId })).items).toEqual([])
      expect(await client.tasks.validate({ taskName: 'x' })).toMatchObject({ ok: true })
      expect((await client.tasks.export({})).format).toBe('pswebhost-cluster-tasks')
      expect((await client.tasks.import({ files: [{ path: 'a.yaml', content: '' }] })).created).toBe(1)
      expect((await client.schedules.preview({ schedule: '* * * * *' })).runs).toHaveLength(1)
      expect((await client.runtime.jobs({})).data).toEqual([])
      expect((await client.runtime.runspaces({})).data).toEqual([])
      expect((await client.samples.list({})).items).toHaveLength(1)
      expect((await client.samples.import({ names: ['disk-space'] })).created).toBe(1)
      const [node] = (await client.nodes.list({})).items
      const nodeId = node?.nodeId ?? ''
      expect(await client.nodes.get({ nodeId })).toMatchObject({ isThisNode: true })
      expect(await client.nodes.update({ nodeId, nodeGroup: 'web' })).toMatchObject({ nodeGroup: 'web' })
      expect(await client.nodes.drain({ nodeId, drain: true })).toMatchObject({ isDraining: true })
      const token = await client.tokens.create({ role: 'viewer', name: 'ci' })
      expect(token.token).not.toBe('')
      await client.tokens.revoke({ tokenId: token.tokenId })
      expect(
        (await client.tokens.list({})).items.find(({ tokenId }) => tokenId === token.tokenId)?.revokedAt,
      ).not.toBeNull()
      expect((await client.system.info({})).role).toBe('admin')
    })

    it('follows output to the end of the run, characters whole and offsets in bytes', async () => {
      const historyId = await newRun('Followed')
      const euro = utf8('€')
      subject.write(historyId, utf8('one\n'))
      const pieces = await client.history.output({ historyId })
      const seen: { offset: number; text: string; next: number; end?: string | undefined }[] = []
      for await (const piece of pieces) {
        seen.push(piece)
        if (seen.length === 1) {
          subject.write(historyId, euro.slice(0, 1))
          setTimeout(() => subject.write(historyId, euro.slice(1), 'Success'), 20)
        }
      }
      expect(seen.map(({ text }) => text).join('')).toBe('one\n€')
      expect(seen.at(-1)).toMatchObject({ offset: 4, next: 7, end: 'Success' })
      expect(subject.readers()).toBe(0)
    })

    it('reads output once, from a byte on', async () => {
      const historyId = await newRun('Once')
      subject.write(historyId, utf8('0123456789'))
      let text = ''
      for await (const piece of await client.history.output({ historyId, follow: false, from: 4 }))
        text += piece.text
      expect(text).toBe('456789')
    })

    it('fails a stream of an unknown run with its code', async () => {
      const read = async (): Promise<void> => {
        for await (const _ of await client.history.output({ historyId: UNKNOWN })) expect(_).toBeUndefined()
      }
      expect((await failure(read())).code).toBe('NOT_FOUND')
    })

    it('ends the service’s stream when the reader breaks off', async () => {
      for await (const event of await client.events({})) {
        expect(event.type).toBe('hello')
        expect(subject.readers()).toBe(1)
        break
      }
      await until(() => subject.readers() === 0)
    })

    it('ends the service’s stream when the caller aborts while nothing happens', async () => {
      const leave = new AbortController()
      const events = await client.events({}, { signal: leave.signal })
      const reading = (async () => {
        for await (const event of events) expect(event.type).toBe('hello')
      })().catch(() => 'aborted')
      await until(() => subject.readers() === 1)
      leave.abort()
      await reading
      await until(() => subject.readers() === 0)
    })
  })
}
