import { spawn } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createClient, type Client } from '../../../src/shared/client/create-client.ts'
import { createHttpLink } from '../../../src/shared/client/http-link.ts'
import { readyUrl } from '../ready-url.ts'
import { startTcpProxy, type TcpProxy } from '../tcp-proxy.ts'
import { databaseYaml } from '../server-config.ts'
import type { ServerAddress } from '../servers/server.ts'
import { childrenOf, isAlive, signal, treeOf } from './processes.ts'

/** A node of a cluster in processes of its own, with its own way to the database; and what can happen to it. */

const PROGRAM = join(import.meta.dirname, '..', '..', '..', 'out', 'main', 'headless.js')
const MOVED_CLOCK = join(import.meta.dirname, 'moved-clock.mjs')

/** Of a node: its own process, the supervisor of its scripts, or both and every script. */
export type Part = 'node' | 'supervisor' | 'machine'

export interface NodeSettings {
  name: string
  group?: string
  role?: string
  capacity?: number
  heartbeatSeconds?: number
  leaseSeconds?: number
  shutdownGraceSeconds?: number
  poolSize?: number
  /** It keeps a replica of the cluster database. */
  replica?: boolean
}

const LEASE_SECONDS = 4

export const leaseMsOf = ({ leaseSeconds = LEASE_SECONDS }: NodeSettings): number => leaseSeconds * 1000

export interface ClusterNode {
  name: string
  dir: string
  proxy: TcpProxy
  nodeId: () => string
  url: () => string
  client: () => Client
  pid: () => number
  isRunning: () => boolean
  /** Lines of stderr since it was first started. */
  log: () => string
  start: () => Promise<void>
  /** As a service manager ends it; resolves with the exit code. */
  stop: () => Promise<number | null>
  /** `kill -9` of a part; the machine's is the loss of its power. Resolves once the node's process is gone. */
  kill: (part: Part) => Promise<void>
  /** SIGSTOP; answers how it goes on. */
  suspend: (part: Part) => () => void
  /** Its machine's clock is off by so much from now on. */
  moveClock: (offsetMs: number) => Promise<void>
  close: () => Promise<void>
}

export interface NodePlace {
  dir: string
  scripts: string
  server: ServerAddress
  database: string
}

export const createClusterNode = async (place: NodePlace, settings: NodeSettings): Promise<ClusterNode> => {
  const { dir } = place
  await mkdir(join(dir, 'clock'), { recursive: true })
  const proxy = await startTcpProxy(place.server)
  await writeFile(join(dir, 'app.yaml'), nodeYaml(place, settings, proxy.port), { mode: 0o600 })
  const clockFile = join(dir, 'clock', 'offset')
  const moveClock = (offsetMs: number): Promise<void> => writeFile(clockFile, `${offsetMs}\n`)
  await moveClock(0)
  let running: Running | null = null
  let log = ''
  const known = (): Running => {
    if (!running) throw new Error(`${settings.name} is not running`)
    return running
  }
  const ended = async (): Promise<number | null> => {
    const code = running ? await running.exited : null
    running = null
    return code
  }
  const partOf = (part: Part): number[] => {
    const { pid } = known()
    return part === 'machine' ? treeOf(pid) : part === 'node' ? [pid] : childrenOf(pid)
  }
  return {
    name: settings.name,
    dir,
    proxy,
    nodeId: () => known().nodeId,
    url: () => known().url,
    client: () => known().client,
    pid: () => known().pid,
    isRunning: () => running !== null && isAlive(running.pid),
    log: () => log,
    start: async () => {
      running = await startProcess(dir, clockFile, (text) => (log += text))
    },
    stop: async () => {
      if (running) signal(running.pid, 'SIGTERM')
      return ended()
    },
    kill: async (part) => {
      for (const pid of partOf(part)) signal(pid, 'SIGKILL')
      if (part !== 'supervisor') await ended()
    },
    suspend: (part) => {
      const pids = partOf(part)
      for (const pid of pids) signal(pid, 'SIGSTOP')
      return () => pids.forEach((pid) => signal(pid, 'SIGCONT'))
    },
    moveClock,
    close: async () => {
      if (running) for (const pid of treeOf(running.pid)) signal(pid, 'SIGKILL')
      await ended()
      await proxy.close()
    },
  }
}

interface Running {
  pid: number
  url: string
  nodeId: string
  client: Client
  exited: Promise<number | null>
}

const startProcess = async (
  dir: string,
  clockFile: string,
  onLog: (text: string) => void,
): Promise<Running> => {
  const child = spawn(
    process.execPath,
    ['--import', MOVED_CLOCK, PROGRAM, '--headless', '--data', dir, '--port', '0'],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, MOVED_CLOCK: clockFile } },
  )
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = `${said}${text}`.slice(-4_000)
    onLog(text)
  })
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
  const url = await readyUrl(child, () => said)
  const [token, identity] = await Promise.all([
    readFile(join(dir, 'admin.token'), 'utf8'),
    readFile(join(dir, 'node.json'), 'utf8'),
  ])
  const client = createClient(createHttpLink({ origin: url, token: () => token.trim() }))
  const { nodeId } = JSON.parse(identity) as { nodeId: string }
  return { pid: child.pid ?? 0, url, nodeId, client, exited }
}

const nodeYaml = (
  { scripts, server, database }: NodePlace,
  settings: NodeSettings,
  port: number,
): string => `${databaseYaml({ ...server, host: '127.0.0.1', port }, database)}  options:
    timeout: 10
    poolSize: ${settings.poolSize ?? 3}
node:
  nodeName: ${settings.name}
  maxConcurrentTasks: ${settings.capacity ?? 4}
${settings.group ? `  nodeGroup: ${settings.group}\n` : ''}${settings.role ? `  nodeRole: ${settings.role}\n` : ''}cluster:
  heartbeatSeconds: ${settings.heartbeatSeconds ?? 1}
  leaseSeconds: ${leaseMsOf(settings) / 1000}
  pollSeconds: 1
  timeZone: UTC
tableSync:
  enabled: ${settings.replica ?? true}
  interval: 1
execution:
  shutdownGraceSeconds: ${settings.shutdownGraceSeconds ?? 1}
  scriptRoots: [${JSON.stringify(scripts)}]
`
