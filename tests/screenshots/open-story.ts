import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createClient, type Client } from '../../src/shared/client/create-client.ts'
import { createHttpLink } from '../../src/shared/client/http-link.ts'
import type { Task } from '../../src/shared/domain/task.ts'
import { systemClock } from '../../src/main/platform/clock.ts'
import { readyUrl } from '../support/ready-url.ts'
import { writeOtherNodes } from './other-nodes.ts'
import { writePast } from './past.ts'
import { storyTasks, type StoryTask } from './story.ts'

const PROGRAM = join(import.meta.dirname, '..', '..', 'out', 'main', 'headless.js')

const CONFIG = `node:
  nodeName: ops-01
  nodeGroup: core
  nodeRole: worker
  maxConcurrentTasks: 8
cluster:
  leaseSeconds: 900
  timeZone: Europe/Berlin
execution:
  shutdownGraceSeconds: 1
`

/** A node in the middle of a working day: its tasks, eight days of runs, edits of several people, a live run. */
export interface Story {
  url: string
  /** The console, signed in. */
  address: string
  /** The failing task of the story and its newest run. */
  broken: { taskId: string; historyId: string }
  /** The run of the failing task before that. */
  before: string
  live: string
  /** The change that broke it. */
  change: string
  close: () => Promise<void>
}

/** Rooms that tasks of the story share, whichever node runs them. */
const LOCKS = [
  { lockName: 'backup-target', maxConcurrent: 3, description: 'more would fill the uplink' },
  { lockName: 'reporting-db', maxConcurrent: 2, description: null },
  { lockName: 'sap', maxConcurrent: 1, description: 'SAP has one interface user for us' },
]

export interface Started {
  url: string
  stop: () => Promise<void>
}

/** The built program on a data folder, until it is stopped. */
export const startProgram = async (data: string): Promise<Started> => {
  const child = spawn(process.execPath, [PROGRAM, '--headless', '--data', data, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const url = await readyUrl(child)
  const stop = async (): Promise<void> => {
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await ended
  }
  return { url, stop }
}

export const clientOf = (url: string, token: string): Client =>
  createClient(createHttpLink({ origin: url, token: () => token }))

/** Creates every task of the story, with its script in the data folder. */
export const createTasks = async (client: Client, data: string) => {
  const created: { task: Task; story: StoryTask }[] = []
  for (const story of storyTasks()) {
    const file = join(data, 'scripts', story.input.scriptPath)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, story.script)
    const { assignedNodeGroup: _group, assignedNodeRole: _role, ...mine } = story.input
    // While the past is written nothing is to run; targets come after it, when the node is theirs.
    created.push({ task: await client.tasks.create({ ...mine, enabled: mine.enabled ?? true }), story })
  }
  return created
}

const LIVE = `#!/usr/bin/env bash
echo "connected to files.example, comparing"
for n in $(seq 1 400); do
  printf '\\033[2m%s\\033[0m  copied %d of 400 files\\n' "$(date +%T)" "$n"
  if (( n % 23 == 0 )); then printf '\\033[33mWARN\\033[0m  share is slow: %d ms\\n' $(( n * 7 )); fi
  sleep 0.4
done
`

const BROKEN = `#!/usr/bin/env bash
# Export orders to SAP: hands the orders of the last half hour to SAP.
set -euo pipefail

echo "reading orders since 13:30"
echo "312 orders read"
echo "posting to $PSWEBHOST_PARAM_ENDPOINT as $PSWEBHOST_PARAM_CLIENT"
echo "WARN  token is 4 days old"
echo "ERROR 401 Unauthorized: client \\"$PSWEBHOST_PARAM_CLIENT\\" is not allowed to post to /orders" >&2
exit 2
`

const EDITS = [
  {
    actor: 'a.weber',
    reason: 'quarter end',
    of: 'Refresh views of reporting',
    patch: { schedule: '0 6-20 * * 1-5', timeout: 900 },
  },
  {
    actor: 'm.keller',
    reason: 'new retention rules',
    of: 'Expire old rows of customers',
    patch: { parameters: { target: 'customers', keepDays: 30, verbose: true } },
  },
  { actor: 'j.novak', reason: null, of: 'Back up file server Praha', patch: { priority: 5 } },
  {
    actor: 'j.novak',
    reason: 'uplink of Graz is being replaced',
    of: 'Check uplink Graz',
    patch: { enabled: false },
  },
  {
    actor: 'a.weber',
    reason: null,
    of: 'Mirror file shares',
    patch: { tags: ['files', 'sla'], maxRetries: 2 },
  },
] as const

/** People edit with tokens of their own name: the log tells them apart. */
const editAsPeople = async (url: string, adminClient: Client, tasks: readonly Task[]): Promise<void> => {
  const clients = new Map<string, Client>()
  for (const name of ['m.keller', 'a.weber', 'j.novak']) {
    const { token } = await adminClient.tokens.create({ name, role: 'admin' })
    clients.set(name, clientOf(url, token))
  }
  const edit = async (actor: string, of: string, patch: object, reason: string | null): Promise<void> => {
    const task = tasks.find(({ taskName }) => taskName === of)
    const context = reason === null ? {} : { reason }
    if (task) await clients.get(actor)?.tasks.update({ taskId: task.taskId, ...patch }, { context })
  }
  for (const { actor, of, patch, reason } of EDITS) await edit(actor, of, patch, reason)
  const parameters = {
    endpoint: 'https://sap.example/v2/orders',
    client: 'shop-export',
    token: { secret: 'x' },
  }
  await edit(
    'm.keller',
    'Export orders to SAP',
    { parameters, timeout: 300, maxRetries: 1 },
    'SAP moved to v2',
  )
}

const idOf = (tasks: readonly Task[], name: string): string => {
  const found = tasks.find(({ taskName }) => taskName === name)
  if (!found) throw new Error(`the story has no task ${name}`)
  return found.taskId
}

export const adminToken = async (data: string): Promise<string> =>
  (await readFile(join(data, 'admin.token'), 'utf8')).trim()

/** Makes the story in `data`, an empty folder, and leaves its node running. Takes about half a minute. */
export const openStory = async (data: string): Promise<Story> => {
  await writeFile(join(data, 'app.yaml'), CONFIG)
  const first = await startProgram(data)
  const token = await adminToken(data)
  const founding = clientOf(first.url, token)
  for (const lock of LOCKS) await founding.locks.create(lock)
  const tasks = await createTasks(founding, data)
  const { nodeId } = await founding.system.info({})
  await first.stop()
  const file = join(data, 'pswebhost.db')
  writePast({ file, tasks, nodeId, now: systemClock.now() })
  writeOtherNodes({ file, tasks: tasks.map(({ task }) => task), now: systemClock.now() })
  await writeFile(join(data, 'scripts', 'exports', 'export-orders-to-sap.sh'), BROKEN)
  await writeFile(join(data, 'scripts', 'storage', 'mirror-file-shares.sh'), LIVE)

  const { url, stop } = await startProgram(data)
  const client = clientOf(url, token)
  const all = tasks.map(({ task }) => task)
  await editAsPeople(url, client, all)
  const brokenTask = idOf(all, 'Export orders to SAP')
  const { historyId } = await client.tasks.run({ taskId: brokenTask })
  const live = await client.tasks.run({ taskId: idOf(all, 'Mirror file shares') })
  const earlier = await client.tasks.history({ taskId: brokenTask, limit: 20 })
  const edited = await client.changes.list({ record: [brokenTask], action: ['UPDATE'], limit: 1 })
  return {
    url,
    address: `${url}/#token=${token}`,
    broken: { taskId: brokenTask, historyId },
    before: earlier.items.find((run) => run.historyId !== historyId)?.historyId ?? '',
    live: live.historyId,
    change: edited.items[0]?.changeId ?? '',
    close: stop,
  }
}
