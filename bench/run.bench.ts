import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { caller, listen, startBenchNode, type BenchNode } from './support/bench-node.ts'
import { withTempFolder } from './support/folders.ts'
import { below, informational, median, percentile, timed, type BenchRow } from './support/rows.ts'

/** What a run costs beside the script itself: run now until its end is stored, against a bare spawn. */

const ROUNDS = 100
const WARM_UP = 10
const BUDGET_MS = 15

export const rows = (): Promise<BenchRow[]> =>
  withTempFolder(async (dir) => {
    const node = await startBenchNode(dir)
    try {
      const script = node.script('nothing.sh', 'cat > /dev/null\nexit 0\n')
      return await compare(node, script)
    } finally {
      await node.close()
    }
  })

const compare = async (node: BenchNode, script: string): Promise<BenchRow[]> => {
  const { taskId } = await node.createTask({ taskName: 'nothing', scriptPath: 'nothing.sh' })
  const runs = startAndWait(node, taskId)
  const bare: number[] = []
  const added: number[] = []
  const through: number[] = []
  for (let round = -WARM_UP; round < ROUNDS; round += 1) {
    const spawned = await timed(() => bareSpawn(script))
    const run = await timed(runs.once)
    if (round < 0) continue
    bare.push(spawned)
    through.push(run)
    // Pairs taken one after the other see the same weather.
    added.push(run - spawned)
  }
  await runs.close()
  return [
    below('a run adds to a bare spawn (p50)', median(added), {
      unit: 'ms',
      reference: median(bare),
      budget: BUDGET_MS,
    }),
    informational('a run from the call to its stored end (p50)', median(through), {
      unit: 'ms',
      reference: median(bare),
    }),
    informational('a run adds to a bare spawn (p95)', percentile(added, 0.95), {
      unit: 'ms',
      reference: percentile(bare, 0.95),
    }),
  ]
}

/** As the supervisor starts it: own process group, stdin written and closed, both outputs piped and read. */
const bareSpawn = async (script: string): Promise<void> => {
  const child = spawn('bash', [script], { detached: true, stdio: ['pipe', 'pipe', 'pipe'] })
  child.stdout.resume()
  child.stderr.resume()
  child.stdin.end('{}')
  await once(child, 'close')
}

const startAndWait = (node: BenchNode, taskId: string) => {
  let waiting = { historyId: '', ended: (): void => {} }
  const ears = listen(node, ({ type, id }) => {
    if (type === 'run.finished' && id === waiting.historyId) waiting.ended()
  })
  return {
    once: async () => {
      const { historyId } = await node.services.runs.start(caller, taskId, {})
      await new Promise<void>((resolve) => (waiting = { historyId, ended: resolve }))
    },
    close: () => ears.close(),
  }
}
