import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startEngineNode } from '../support/engine.ts'
import { eventually } from '../support/eventually.ts'
import { homes } from '../support/homes.ts'
import { admin } from '../support/node.ts'
import { INSTALLATION } from '../import/support.ts'

/** What one node does for its tasks, whatever database it lives on. */

const SLOTS = 6

describe.each(homes())('$name: a node', (home) => {
  it('runs each slot of a schedule once, on time', { timeout: 60_000 }, async () => {
    const node = await startEngineNode({ config: await home.config() })
    await node.script('note.sh', `echo "$PSWEBHOST_SCHEDULED_FOR" >> "${node.dir}/ran.log"\n`)
    const { taskId } = await node.task({ scriptPath: 'note.sh', schedule: '*/2 * * * * *' })
    const done = await eventually(async () => {
      const runs = (await node.runs(taskId)).filter((run) => run.state === 'Success')
      return runs.length >= SLOTS && runs
    }, 40_000)
    const slots = done.map((run) => run.scheduledFor)
    expect(new Set(slots).size).toBe(slots.length)
    const [first = ''] = slots
    expect(slots).toEqual(
      slots.map((_slot, index) => new Date(Date.parse(first) + index * 2000).toISOString()),
    )
    const logged = (await readFile(join(node.dir, 'ran.log'), 'utf8')).trim().split('\n')
    expect(logged.slice(0, slots.length)).toEqual(slots)
  })

  it('logs an edit of three fields as one change, and takes it back as a related one', async () => {
    const node = await startEngineNode({ config: await home.config() })
    const { taskId } = await node.task({ schedule: null })
    const { tasks, changes } = node.services
    await tasks.update({ ...admin, reason: 'three' }, taskId, {
      priority: 3,
      description: 'é 😀',
      tags: ['x'],
    })
    const list = (action: 'UPDATE') => changes.list(admin, { record: [taskId], action: [action], limit: 10 })
    const [edit] = (await list('UPDATE')).items
    expect(edit).toMatchObject({ changeReason: 'three', changedBy: admin.actor })
    expect(edit?.seq).toBeGreaterThan(0)
    const detail = await changes.get(admin, edit?.changeId ?? '')
    const audit = ['modifiedAt', 'modifiedBy', 'version']
    expect(detail.diff.map(({ field }) => field).toSorted()).toEqual(
      [...audit, 'description', 'priority', 'tags'].toSorted(),
    )
    await changes.revert(admin, edit?.changeId ?? '', { force: false, transaction: false, dryRun: false })
    expect(await tasks.get(admin, taskId)).toMatchObject({ priority: 0, description: null, tags: [] })
    const [undo] = (await list('UPDATE')).items
    expect(undo?.relatedChanges).toContain(edit?.changeId)
    expect((await changes.get(admin, edit?.changeId ?? '')).relatedChanges).toContain(undo?.changeId)
  })

  it('imports a folder, and nothing more the second time', async () => {
    const node = await startEngineNode({ config: await home.config() })
    const importIt = () =>
      node.services.import.importPaths(admin, {
        paths: [INSTALLATION],
        dryRun: false,
        cron: 'standard',
        addScriptRoot: false,
      })
    const first = await importIt()
    expect(first.created).toBeGreaterThan(3)
    expect(first.updated).toBe(0)
    const second = await importIt()
    expect(second).toMatchObject({ created: 0, updated: 0, unchanged: first.created + first.unchanged })
    const page = await node.services.tasks.list(admin, { limit: 1000, sort: 'name' })
    expect(page.items).toHaveLength(first.created)
  })
})
