import { isoOf, systemClock } from '../platform/clock.ts'
import type { Launch } from './launch.ts'
import type { FromSupervisor, ToSupervisor } from './protocol.ts'
import { superviseRun, type SupervisedRun } from './supervised-run.ts'

/*
 * Entry of the supervisor: one small process per node, parent of every script. It outlives a killed node just long
 * enough to kill its scripts: when the IPC channel closes, every tree is ended and the process exits.
 * Started as `supervisor.js <spoolDir> <journalDir>` with an environment without secrets.
 */

/** At most one notice of growth per run in this time. */
const NOTICE_MS = 100

const clock = systemClock
const [spoolDir = '.', journalDir = '.'] = process.argv.slice(2)
const runs = new Map<string, SupervisedRun>()

const tell = (message: FromSupervisor): void => {
  if (process.connected) process.send?.(message)
}

const warn = (text: string): void => {
  process.stderr.write(`${text}\n`)
}

/** Coalesces growth: the first notice comes after NOTICE_MS with the size it has by then, and so on. */
const createNotice = (historyId: string): ((totalBytes: number) => void) => {
  let latest = 0
  let waiting = false
  return (totalBytes) => {
    latest = totalBytes
    if (waiting) return
    waiting = true
    void clock.sleep(NOTICE_MS).then(() => {
      waiting = false
      if (runs.has(historyId)) tell({ kind: 'output', historyId, totalBytes: latest })
    })
  }
}

const run = async (launch: Launch): Promise<void> => {
  const { historyId } = launch
  // A repeated request must not start a script twice.
  if (runs.has(historyId)) return warn(`run ${historyId} is running already`)
  const supervised = superviseRun(launch, {
    spoolDir,
    journalDir,
    clock,
    platform: process.platform,
    started: (pid, startedAt) => tell({ kind: 'started', historyId, pid, startedAt }),
    grown: createNotice(historyId),
    warn,
  })
  runs.set(historyId, supervised)
  const result = await supervised.ended
  runs.delete(historyId)
  if (result) tell({ kind: 'ended', result })
}

const onMessage = (message: ToSupervisor): void => {
  switch (message.kind) {
    case 'run':
      void run(message.launch)
      break
    case 'hold':
      runs.get(message.historyId)?.hold(message.ms)
      break
    case 'stop':
      runs.get(message.historyId)?.stop(message.reason)
      break
  }
}

const onNodeGone = async (): Promise<void> => {
  const left = [...runs.values()]
  await Promise.all(left.map((each) => each.abandon()))
  await Promise.all(left.map((each) => each.ended))
  process.exit(0)
}

// The parent is the only one on this channel, so its messages are what the protocol says.
process.on('message', (message) => onMessage(message as ToSupervisor))
process.on('disconnect', () => void onNodeGone())
// Its life hangs on the channel alone: signals sent to a whole group or session are for the node to act on.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGPIPE'] as const) process.on(name, () => undefined)
// A pipe to a node that is gone must not end us before the trees are.
process.stderr.on('error', () => undefined)
process.on('uncaughtException', (error) => {
  warn(`${isoOf(clock.now())} supervisor: ${error.stack ?? error.message}`)
})
