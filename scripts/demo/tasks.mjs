import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/* Sample tasks: one for each kind of target, and what is worth watching. Their scripts run wherever Node does. */

const SCRIPTS = {
  'hello.mjs': `console.log('Hello from ' + process.env.PSWEBHOST_NODE_NAME + ', slot ' + process.env.PSWEBHOST_SCHEDULED_FOR)\n`,
  'long.mjs': `console.log('started on ' + process.env.PSWEBHOST_NODE_NAME)
for (let percent = 0; percent <= 100; percent += 2) {
  console.log(percent + ' %')
  await new Promise((resolve) => setTimeout(resolve, 2_000))
}
`,
  'fails.mjs': `console.error('the share is not mounted')\nprocess.exit(3)\n`,
  'store.mjs': `console.log('writing to the storage, alone')
await new Promise((resolve) => setTimeout(resolve, 8_000))
console.log('done')
`,
}

export const LONG = 'Long job (kill its node)'
const every = (everySeconds) => ({ type: 'interval', everySeconds })

const tasksFor = (nodes) => [
  { taskName: 'On any node', scriptPath: 'hello.mjs', schedule: every(15) },
  {
    taskName: 'On north only',
    scriptPath: 'hello.mjs',
    schedule: every(20),
    assignedNodeId: nodes[0].nodeId,
  },
  {
    taskName: 'On one of the group office',
    scriptPath: 'hello.mjs',
    schedule: every(20),
    assignedNodeGroup: 'office',
    runOn: 'One',
  },
  {
    taskName: 'On each of the group office',
    scriptPath: 'hello.mjs',
    schedule: every(30),
    assignedNodeGroup: 'office',
  },
  {
    taskName: 'On one with the role reports',
    scriptPath: 'hello.mjs',
    schedule: every(20),
    assignedNodeRole: 'reports',
  },
  { taskName: 'On all nodes', scriptPath: 'hello.mjs', schedule: every(30), runOn: 'All' },
  { taskName: LONG, scriptPath: 'long.mjs', schedule: every(180), maxRetries: 5, retryDelay: 1 },
  {
    taskName: 'Fails, and is tried again',
    scriptPath: 'fails.mjs',
    schedule: every(60),
    maxRetries: 2,
    retryDelay: 5,
    retryBackoff: 2,
  },
  ...['Store the mail', 'Store the files'].map((taskName) => ({
    taskName,
    scriptPath: 'store.mjs',
    schedule: every(30),
    limits: { locks: ['storage'] },
  })),
]

export function writeScripts(folder) {
  const scripts = join(folder, 'scripts')
  mkdirSync(scripts)
  for (const [name, text] of Object.entries(SCRIPTS)) writeFileSync(join(scripts, name), text)
  return scripts
}

/** Creates the tasks over the API of a node, and starts the long one. */
export async function createTasks(nodes) {
  for (const task of tasksFor(nodes)) {
    const { taskId } = await ask(nodes[0], '/tasks', { appName: 'Demo', ...task })
    if (task.taskName === LONG) await ask(nodes[0], `/tasks/${taskId}/run`, {})
  }
}

const ask = async ({ url, token }, path, body) => {
  const answer = await fetch(`${url}/api/v1${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`POST ${path}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}
