import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Task, TaskInputRaw } from '../../src/shared/domain/task.ts'
import { readyUrl } from '../../tests/support/ready-url.ts'

const root = join(import.meta.dirname, '..', '..')

/** How a node is started: as `npm start` does after its pre-script, or as the installed program does. */
export const ENTRIES = {
  'scripts/start.mjs': join(root, 'scripts', 'start.mjs'),
  'out/main/headless.js': join(root, 'out', 'main', 'headless.js'),
} as const
export type Entry = keyof typeof ENTRIES

export interface NodeProcess {
  url: string
  pid: number
  /** Of the node's first admin. */
  token: string
  /** From the start of the process to its `ready` line, milliseconds. */
  readyMs: number
  createTask(input: TaskInputRaw): Promise<Task>
  /** GET or POST below /api/v1 as the node's first admin. @throws when it is refused. */
  ask(path: string, body?: unknown): Promise<unknown>
  stop(): Promise<void>
}

/** Starts a real node on the folder `dir` and waits for its `ready` line. */
export const startNodeProcess = async (dir: string, entry: Entry): Promise<NodeProcess> => {
  const startedAt = performance.now()
  const child = spawn(process.execPath, [ENTRIES[entry], '--headless', '--data', dir, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = `${said}${text}`.slice(-1000)))
  const url = await readyUrl(child, () => said)
  const readyMs = performance.now() - startedAt
  const token = readFileSync(join(dir, 'admin.token'), 'utf8').trim()
  const ask = (path: string, body?: unknown): Promise<unknown> => request(`${url}/api/v1${path}`, token, body)
  return {
    url,
    pid: child.pid ?? 0,
    token,
    readyMs,
    ask,
    // The route answers the record it made.
    createTask: async (input) => (await ask('/tasks', input)) as Task,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}

const request = async (url: string, token: string, body: unknown): Promise<unknown> => {
  const response = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`)
  return response.json()
}
