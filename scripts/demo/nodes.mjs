import { execFile, spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
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
async function joinToken({ url, token }) {
  const answer = await fetch(`${url}/api/v1/join-tokens`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: '{}',
  })
  const body = await answer.json()
  if (!answer.ok) throw new Error(`a join token was refused: ${body.detail}`)
  return body.token
}

/**
 * Starts a node; answers once its console does. What it logs is in its data folder.
 * @param member a node that lets it in; null for the first one.
 */
export async function startNode(node, place, member) {
  const dir = join(place.folder, node.name)
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  writeFileSync(join(dir, 'app.yaml'), yaml(node, place), { mode: 0o600 })
  if (member)
    await promisify(execFile)(process.execPath, [PROGRAM, 'join', await joinToken(member), '--data', dir])
  const child = spawn(process.execPath, [PROGRAM, '--headless', '--data', dir, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)))
  const url = await readyUrl(child)
  const read = (file) => readFileSync(join(dir, file), 'utf8').trim()
  const token = read('admin.token')
  return { ...node, dir, child, ended, url, token, nodeId: JSON.parse(read('node.json')).nodeId }
}

const readyUrl = (child) =>
  new Promise((resolve, reject) => {
    let out = ''
    let said = ''
    // Read on for ever: nobody may wait for a full pipe.
    child.stderr.setEncoding('utf8').on('data', (text) => (said = `${said}${text}`.slice(-2_000)))
    child.stdout.setEncoding('utf8').on('data', (text) => {
      out += text
      const url = /^ready (http\S+)$/m.exec(out)?.[1]
      if (url) resolve(url)
    })
    child.once('exit', (code) =>
      reject(new Error(`a node ended with code ${code} before it was ready\n${said}`)),
    )
  })
