import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { orExplain, say, SetupError } from '../setup/progress.mjs'
import { startDatabase } from './database.mjs'
import { createPrograms, NODES, startNode } from './nodes.mjs'
import { createTasks, LONG, writeScripts } from './tasks.mjs'

/* `node run.mjs [--fast] [--keep]`: three nodes, until Ctrl-C. */

const { isFast, keeps } = await orExplain(optionsOf)
const folder = mkdtempSync(join(tmpdir(), 'pswebhost-demo-'))
// The account of the database server, which is not root's, has to reach its own folder in it.
chmodSync(folder, 0o711)
process.env.TMPDIR = folder

const nodes = []
const programs = createPrograms()
let databaseStart
let database
let closing
/** Told to end while it starts: nothing is started any more. */
const end = (code) => (closing ??= close(code))
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(name, () => (closing ? programs.kill('SIGKILL') : end(0)))

await orExplain(async () => {
  try {
    await start()
  } catch (error) {
    if (closing) return
    await (closing = close(error instanceof SetupError ? null : 1, error))
    throw error
  }
})

async function optionsOf() {
  try {
    const options = { fast: { type: 'boolean' }, keep: { type: 'boolean' } }
    const { values } = parseArgs({ options, allowPositionals: false })
    return { isFast: values.fast === true, keeps: values.keep === true }
  } catch (error) {
    throw new SetupError(`${error.message}.`, 'npm run demo -- [--fast] [--keep]')
  }
}

async function start() {
  databaseStart = startDatabase()
  database = await databaseStart
  if (closing) return
  const place = { folder, scripts: writeScripts(folder), isFast, programs, ...database }
  const add = async (node, member) => {
    const started = await startNode(node, place, member)
    nodes.push(started)
    return started
  }
  const [first, ...others] = NODES
  say('demo', 'starting three nodes')
  // Alone: it makes the tables and the cluster's key, and lets the others in.
  const member = await add(first, null)
  await Promise.all(others.map((node) => add(node, member)))
  if (closing) return
  nodes.sort((one, other) => (one.name < other.name ? -1 : 1))
  await createTasks(nodes)
  if (closing) return
  for (const node of nodes)
    void node.ended.then(
      (how) => !closing && say('demo', `${node.name} has ended (${how}); the others go on`),
    )
  process.stdout.write(welcome())
}

function welcome() {
  const seconds = isFast ? 'some 6 seconds' : 'some 25 seconds (--fast: 6)'
  const consoles = nodes.map(
    ({ name, group, role, child, url, token }) =>
      `  ${name.padEnd(6)} pid ${String(child.pid).padEnd(8)} group ${group.padEnd(7)} role ${role.padEnd(8)} ${url}/#token=${token}`,
  )
  const kills = nodes.map(
    ({ name, child }) => `  kill -9 ${String(child.pid).padEnd(8)} ends ${name} without a word`,
  )
  return [
    `Three nodes on one ${database.server.name} ${database.server.version}. Their consoles:`,
    ...consoles,
    '',
    'What to try:',
    ...kills,
    `  "${LONG}" runs on one of them: when that one is killed, the run is Lost and another`,
    `  node takes it over after ${seconds}; History tells it, Nodes shows who is away.`,
    '  "Store the mail" and "Store the files" share a lock group: never both at once.',
    '',
    `Folder: ${folder}${keeps ? '' : ' (removed at the end; --keep keeps it)'}`,
    'Ctrl-C ends all of it.',
    '',
  ].join('\n')
}

async function close(code, error) {
  if (!error) say('demo', 'ending the nodes')
  await programs.end()
  // While it starts it cannot be stopped; nobody has told of a failure that comes now.
  const started = await databaseStart?.catch(() => undefined)
  await (keeps ? started?.server.stop() : started?.server.close())
  if (!keeps) rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  if (code !== null && !error) process.exit(code)
}
