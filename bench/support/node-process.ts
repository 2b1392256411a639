import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Task, TaskInputRaw } from '../../src/shared/domain/task.ts'

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
  const url = await readyUrl(child)
  const readyMs = performance.now() - startedAt
  const token = readFileSync(join(dir, 'admin.token'), 'utf8').trim()
  const ask = (path: string, body?: unknown): Promise<unknown> => request(`${url}/api/v1${path}`, token, body)
  return {
    url,
    pid: child.pid ?? 0,
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

const readyUrl = async (child: ChildProcess): Promise<string> => {
  const said: string[] = []
  child.stderr?.on('data', (chunk: Buffer) => said.push(chunk.toString()))
  if (!child.stdout) throw new Error('the node has no stdout')
  for await (const line of createInterface({ input: child.stdout })) {
    const [word, url] = line.split(' ')
    if (word === 'ready' && url) return url
  }
  throw new Error(`the node ended before it was ready: ${said.join('').slice(-1000)}`)
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
