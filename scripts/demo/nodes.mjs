import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readyUrl } from '../../tests/support/ready-url.ts'
import { ROOT } from '../setup/paths.mjs'

/* The three nodes: each a process of its own with a data folder of its own. */

export const NODES = [
  { name: 'north', group: 'office', role: 'files' },
  { name: 'south', group: 'office', role: 'reports' },
  { name: 'west', group: 'plant', role: 'reports' },
]

const PROGRAM = join(ROOT, 'out', 'main', 'headless.js')

const yaml = ({ name, group, role }, { server, database, scripts, isFast }) => `database:
  type: ${server.type}
  connection:
    server: ${server.host}
    port: ${server.port}
    database: ${database}
    username: ${server.username}
    password: ${JSON.stringify(server.password)}
node:
  nodeName: ${name}
  nodeGroup: ${group}
  nodeRole: ${role}
  maxConcurrentTasks: 4
cluster:
  heartbeatSeconds: ${isFast ? 1 : 5}
  leaseSeconds: ${isFast ? 4 : 20}
  pollSeconds: 1
execution:
  shutdownGraceSeconds: 2
  scriptRoots: [${JSON.stringify(scripts)}]
`

/** A token of `member` that lets one newcomer in: with it goes the key of the cluster's secrets. */
async function joinToken({ url, token }, signal) {
  const answer = await fetch(`${url}/api/v1/join-tokens`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: '{}',
    signal,
  })
  const body = await answer.json()
  if (!answer.ok) throw new Error(`a join token was refused: ${body.detail}`)
  return body.token
}

/** The programs of the demo: each is known from its first moment, so that none is left behind. */
export function createPrograms() {
  const ending = new AbortController()
  const known = []
  const start = (args) => {
    ending.signal.throwIfAborted()
    const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    const program = { child, said: '', ended: undefined }
    program.ended = new Promise((resolve) => {
      child.once('exit', (code, signal) => resolve(signal ?? code))
      child.once('error', (error) => resolve(error.message))
    })
    child.stderr.setEncoding('utf8')
    child.stderr.on('data', (text) => (program.said = `${program.said}${text}`.slice(-2_000)))
    known.push(program)
    return program
  }
  const kill = (signal) => known.forEach(({ child }) => child.kill(signal))
  /** Starts no other one, and resolves once all have ended. */
  const end = async () => {
    ending.abort()
    kill('SIGTERM')
    await Promise.all(known.map(({ ended }) => ended))
  }
  return { start, kill, end, signal: ending.signal }
}

/**
 * Starts a node; answers once its console does. What it logs is in its data folder.
 * @param member a node that lets it in; null for the first one.
 */
export async function startNode(node, place, member) {
  const { programs } = place
  const dir = join(place.folder, node.name)
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  writeFileSync(join(dir, 'app.yaml'), yaml(node, place), { mode: 0o600 })
  if (member) await letIn(node, await joinToken(member, programs.signal), dir, programs)
  const program = programs.start(['--headless', '--data', dir, '--port', '0'])
  const { child, ended } = program
  const url = await readyUrl(child, () => program.said)
  const read = (file) => readFileSync(join(dir, file), 'utf8').trim()
  const token = read('admin.token')
  return { ...node, dir, child, ended, url, token, nodeId: JSON.parse(read('node.json')).nodeId }
}

async function letIn({ name }, token, dir, programs) {
  const program = programs.start(['join', token, '--data', dir])
  program.child.stdout.resume()
  const how = await program.ended
  if (how !== 0) throw new Error(`${name} did not join (${how})\n${program.said}`)
}
