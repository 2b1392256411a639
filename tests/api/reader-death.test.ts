import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startNode } from '../../src/main/app.ts'
import { readEnvironment } from '../../src/main/config/environment.ts'
import { QUICK, tempDir } from '../support/node.ts'
import { sourceProgram } from '../support/program.ts'

/** What kills the reader of the fixture, and its place among the requests that are in flight together. */
const FATAL = '/api/v1/tasks?search=lastquery'
const FATAL_ONE = 30

const startMortalNode = async () => {
  const dataDir = await tempDir()
  await writeFile(join(dataDir, 'app.yaml'), QUICK, { mode: 0o600 })
  const node = await startNode({
    dataDir,
    cliOverrides: { port: 0 },
    environment: readEnvironment(),
    program: { ...sourceProgram, readerEntry: join(import.meta.dirname, 'fixtures', 'dying-reader.ts') },
    logLevel: 'error',
  })
  onTestFinished(() => node.close())
  const token = (await readFile(join(dataDir, 'admin.token'), 'utf8')).trim()
  const ask = (path: string): Promise<Response> =>
    fetch(`${node.url}${path}`, { headers: { authorization: `Bearer ${token}` } })
  return ask
}

describe('the death of the reader thread under load', () => {
  it('is a 503 for what was in flight and nothing for what comes after, time and again', async () => {
    const ask = await startMortalNode()
    for (let deaths = 0; deaths < 3; deaths++) {
      const answers = await Promise.all(
        Array.from({ length: 60 }, async (_, i) => {
          const answer = await ask(
            i === FATAL_ONE ? FATAL : i % 2 === 0 ? '/api/v1/tasks' : '/api/v1/changes',
          )
          return {
            status: answer.status,
            body: (await answer.json()) as { code?: string; items?: unknown[] },
          }
        }),
      )
      const failed = answers.filter(({ status }) => status !== 200)
      expect(answers[FATAL_ONE]?.status).toBe(503)
      for (const { status, body } of failed) expect([status, body.code]).toEqual([503, 'UNAVAILABLE'])
      expect((await ask('/healthz')).status).toBe(200)
      for (const path of ['/api/v1/tasks', '/api/v1/changes', '/api/v1/nodes'])
        expect((await ask(path)).status, path).toBe(200)
    }
  })
})
