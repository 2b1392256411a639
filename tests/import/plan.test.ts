import { describe, expect, it } from 'vitest'
import { exportedTask } from '../../src/shared/domain/import/export-document.ts'
import type { ExistingTask, SourceFile } from '../../src/shared/domain/import/types.ts'
import { afterwards, fixture, inputOf, itemOf, plan, stored, yamlTask } from './support.ts'

const FILES = [
  'config/tasks.yaml',
  'apps/Exports/config/tasks.yaml',
  'apps/CertMgr/config/tasks.yaml',
  'apps/Broken/config/tasks.yaml',
  'apps/WebHostMetrics/jobs/CollectMetrics/job.json',
  'apps/Logs/jobs/Rotate/job.json',
  'PsWebHost_Data/config/tasks.json',
].map((below) => fixture(below))

const exportOf = (tasks: ExistingTask[]): SourceFile => ({
  path: 'tasks-export.json',
  content: JSON.stringify({
    $schema: './export.schema.json',
    format: 'pswebhost-cluster-tasks',
    version: 1,
    exportedAt: '2026-01-05T08:00:00.000Z',
    tasks: tasks.map(exportedTask),
  }),
})

describe('a second import', () => {
  it.each(['standard', 'legacy'] as const)('of the same files changes nothing (%s reading)', (cron) => {
    const first = plan(FILES, { cron })
    const again = plan(FILES, { cron, existing: afterwards(first) })
    expect(first.items.some(({ write }) => write)).toBe(true)
    expect(again.items.filter(({ write }) => write)).toEqual([])
    const count = (done: typeof first, action: string) =>
      done.items.filter(({ item }) => item.action === action).length
    expect(count(again, 'unchanged')).toBe(count(first, 'created'))
    expect(count(again, 'skipped')).toBe(count(first, 'skipped'))
  })

  it('without the folder keeps the paths that the first one resolved', () => {
    const existing = afterwards(plan(FILES))
    const again = plan(
      FILES.map((file) => ({ ...file, root: null })),
      { existing },
    )
    expect(again.items.filter(({ write }) => write)).toEqual([])
  })

  it('updates only what the source has, and says what', () => {
    const existing = [
      {
        ...stored({
          taskName: 'X',
          scriptPath: '/opt/pswebhost/x.sh',
          enabled: true,
          tags: ['mine'],
          priority: 7,
        }),
        timeZone: 'Asia/Kolkata',
      },
    ]
    const done = plan([yamlTask('name: X\nenabled: false\nschedule: "5 5 * * *"\nscriptPath: x.sh')], {
      existing,
    })
    expect(itemOf(done, 'X').item.reason).toBe('differs in schedule, enabled')
    expect(itemOf(done, 'X').write).toMatchObject({ patch: { enabled: false, schedule: '5 5 * * *' } })
  })
})

describe('our own export', () => {
  const task = stored({
    taskName: 'Sync',
    appName: 'Files',
    scriptPath: 'sync.sh',
    schedule: { type: 'interval', everySeconds: 300, jitterSeconds: 10 },
    timeZone: 'America/New_York',
    limits: { memoryMb: 512 },
    parameters: { depth: 3, list: [1, 'two', null] },
    environment: { MODE: 'fast' },
  })
  const secret = stored({
    taskName: 'Push',
    scriptPath: 'push.sh',
    environment: { TOKEN: { secret: 'planted' }, MODE: 'fast' },
  })

  it('round-trips every field', () => {
    const done = plan([exportOf([task])])
    expect(exportedTask(stored(inputOf(done, 'Sync'), task.taskId))).toEqual(exportedTask(task))
    expect(plan([exportOf([task])], { existing: [task] }).items[0]?.item.action).toBe('unchanged')
  })

  it('holds no secret, and keeps the one that is stored', () => {
    expect(exportOf([secret]).content).not.toContain('planted')
    expect(plan([exportOf([secret])], { existing: [secret] }).items[0]?.item).toMatchObject({
      action: 'unchanged',
      warnings: [],
    })
  })

  it('creates a task without its secret disabled, and leaves it so at the next import', () => {
    const first = plan([exportOf([secret])])
    expect(inputOf(first, 'Push')).toMatchObject({ enabled: false, environment: { MODE: 'fast' } })
    expect(itemOf(first, 'Push').item.warnings[0]).toMatch(
      /^environment\.TOKEN: the secret is not in the file/,
    )
    const again = plan([exportOf([secret])], { existing: afterwards(first) })
    expect(again.items[0]?.item.action).toBe('unchanged')
  })

  it('never replaces a stored secret by a plain value of a file', () => {
    const existing = [
      stored({ taskName: 'X', scriptPath: '/opt/pswebhost/x.sh', environment: { TOKEN: { secret: 'a' } } }),
    ]
    const done = plan([yamlTask('name: X\nenabled: true\nscriptPath: x.sh\nenvironment: {TOKEN: plain}')], {
      existing,
    })
    expect(itemOf(done, 'X').item.action).toBe('unchanged')
    expect(itemOf(done, 'X').item.warnings[0]).toContain('is a secret here')
  })

  it.each([
    [{ taskName: 'A', scriptPath: 'a.sh', colour: 'red' }, /colour/],
    [{ taskName: 'A', scriptPath: 'a.sh', schedule: '0 0 31 2 *' }, /^schedule: .*never fires/],
    [
      { taskName: 'A', scriptPath: 'a.sh', timeZone: 'Mars/Olympus' },
      /^timeZone: "Mars\/Olympus" is not a time zone/,
    ],
    [{ taskName: 'A', scriptPath: 'a.sh', priority: 'high' }, /^priority: must be a whole number/],
    [{ taskName: 'A' }, /^scriptPath: /],
    [{ scriptPath: 'a.sh' }, /^taskName: is missing/],
  ])('skips a wrong entry %j with the field and goes on', (wrong, reason) => {
    const content = JSON.stringify({
      format: 'pswebhost-cluster-tasks',
      version: 1,
      tasks: [wrong, { taskName: 'Good', scriptPath: 'good.sh' }],
    })
    const done = plan([{ path: 'export.json', content }])
    expect(done.items[0]?.item.reason).toMatch(reason)
    expect(done.items[1]?.item.action).toBe('created')
  })

  it('of a later version is refused whole', () => {
    const content = '{"format":"pswebhost-cluster-tasks","version":2,"tasks":[]}'
    expect(plan([{ path: 'export.json', content }]).items[0]?.item.reason).toBe(
      'version: is 2, this program reads 1',
    )
  })
})
