import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../src/main/platform/clock.ts'
import { startEngineNode } from '../support/engine.ts'
import { admin } from '../support/node.ts'
import { eventually } from '../support/eventually.ts'

/** The write lock of a node's database, held by another program. */
const lockDatabase = (dir: string): (() => void) => {
  const db = new Sqlite(join(dir, 'pswebhost.db'))
  db.exec('begin immediate')
  let held = true
  const release = (): void => {
    if (held) db.exec('rollback')
    held = false
  }
  onTestFinished(() => {
    release()
    db.close()
  })
  return release
}

/** How many processes carry the run in their environment. */
const processesOf = async (historyId: string): Promise<number> => {
  let count = 0
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')
    if (environment.includes(`PSWEBHOST_HISTORY_ID=${historyId}`)) count += 1
  }
  return count
}

describe.runIf(process.platform === 'linux')('a node that cannot renew its leases', () => {
  it('ends Kill runs before their lease ends, lets Finish runs go on, and reports both later', async () => {
    const node = await startEngineNode()
    const [kill, finish] = [
      await node.task({ scriptPath: 'long.sh', onLeaseLost: 'Kill', maxRetries: 0 }),
      await node.task({ scriptPath: 'long.sh' }),
    ]
    const [killed, going] = [await node.start(kill.taskId), await node.start(finish.taskId)]
    for (const id of [killed, going]) await eventually(async () => (await node.output(id)).length > 0)
    const jobs = () => node.services.runtime.jobs().data.map(({ historyId }) => historyId)
    // The supervisor works without the database: a job is gone once its processes are and its result lies there.
    const release = lockDatabase(node.dir)
    const lockedAt = systemClock.monotonic()
    await eventually(async () => {
      const left = await processesOf(killed)
      return left === 0
    }, 20_000)
    const within = systemClock.monotonic() - lockedAt
    expect(within).toBeLessThan(3_500)
    expect(await processesOf(going)).toBeGreaterThan(0)
    release()
    const run = await node.ended(killed, 20_000)
    expect(run).toMatchObject({ state: 'Stopped' })
    expect(run.error).toContain('could not renew its lease')
    expect((await node.services.runs.get(admin, going)).state).toBe('Running')
    await eventually(() => jobs().length === 1 && jobs()[0] === going)
    await node.services.runs.stop(admin, going)
    await node.ended(going)
  })
})
