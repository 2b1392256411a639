import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createExport } from '../../src/main/services/import/export.ts'
import { createImportTasks, type ImportTasks } from '../../src/main/services/import/import-tasks.ts'
import { createImport, type ImportDeps } from '../../src/main/services/import.ts'
import { createSamples } from '../../src/main/services/samples.ts'
import { createEventBus } from '../../src/main/services/events.ts'
import { createKeys } from '../../src/main/services/keys.ts'
import type { Caller } from '../../src/main/services/caller.ts'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import { systemClock } from '../../src/main/platform/clock.ts'
import { newId } from '../../src/main/platform/ids.ts'
import { memoryLog } from '../../src/main/platform/log.ts'
import { openNodeKey } from '../../src/main/platform/secrets/node-key.ts'
import type { ImportResult } from '../../src/shared/domain/import-result.ts'
import { taskInputSchema, type TaskInputRaw } from '../../src/shared/domain/task.ts'
import { databases, TEST_NODE_ID } from '../support/databases.ts'
import { INSTALLATION, ZONE } from './support.ts'

const GUID = '6f1c2a3b-4d5e-4f60-8a7b-9c0d1e2f3a4b'
const admin: Caller = { actor: 'local:test', role: 'admin', trigger: 'API', reason: null, ifMatch: null }
const RESOURCES = path.join(import.meta.dirname, '../../resources')

let folder = ''
let installation = ''
beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'import-')))
  installation = path.join(folder, 'pswebhost')
  cpSync(INSTALLATION, installation, { recursive: true })
})
afterEach(() => rmSync(folder, { recursive: true }))

interface Bench {
  db: OpenDatabase
  tasks: ImportTasks
  roots: string[]
  woken: () => number
  import: ReturnType<typeof createImport>
  create: (...inputs: TaskInputRaw[]) => Promise<void>
}

const bench = async (db: OpenDatabase, node: Partial<ImportDeps['node']> = {}): Promise<Bench> => {
  const nodeKey = await openNodeKey(path.join(folder, 'secret.key'))
  const keysDeps = { db, nodeId: TEST_NODE_ID, nodeKey, clock: systemClock, log: memoryLog() }
  const secrets = createKeys(keysDeps)
  await secrets.ensure()
  let woken = 0
  const wake = (): void => void (woken += 1)
  const tasks = createImportTasks({ db, secrets, events: createEventBus(systemClock), timeZone: ZONE, wake })
  const roots = [path.join(folder, 'scripts')]
  const service = createImport({
    tasks,
    clock: systemClock,
    timeZone: ZONE,
    scriptRoots: () => roots,
    addScriptRoots: async (more) => void roots.push(...more),
    node: { nodeId: () => TEST_NODE_ID, canAdopt: async () => false, adopt: async () => false, ...node },
  })
  const create: Bench['create'] = (...inputs) =>
    tasks.batch(admin, newId(), async (writer) => {
      for (const input of inputs) await writer.create(taskInputSchema.parse(input))
    })
  return { db, tasks, roots, woken: () => woken, import: service, create }
}

const counts = ({ created, updated, unchanged, skipped }: ImportResult): number[] => [
  created,
  updated,
  unchanged,
  skipped,
]

describe.each(databases())('$name: importing an installation', ({ open }) => {
  const options = { dryRun: false, cron: 'standard' as const, addScriptRoot: true }
  const paths = (): string[] => [installation]

  it('plans without writing, then does what the plan said, then has nothing left to do', async () => {
    const { import: service, tasks, roots, woken } = await bench(await open())
    const planned = await service.importPaths(admin, { ...options, paths: paths(), dryRun: true })
    expect([await tasks.list(), roots.length, woken()]).toEqual([[], 1, 0])

    const progress: number[] = []
    const onItem = (done: number, total: number): void => void progress.push(done / total)
    const first = await service.importPaths(admin, { ...options, paths: paths(), onItem })
    expect(counts(first)).toEqual(counts(planned))
    expect(counts(first)).toEqual([8, 0, 1, 9])
    expect([progress.at(-1), roots]).toEqual([1, [path.join(folder, 'scripts'), installation]])
    expect(woken()).toBeGreaterThan(0)

    const again = await service.importPaths(admin, { ...options, paths: paths() })
    expect(counts(again)).toEqual([0, 0, 9, 9])
  })

  it('writes tasks whose scripts are where they say, in the zone of this node', async () => {
    const { import: service, tasks } = await bench(await open())
    await service.importPaths(admin, { ...options, paths: paths() })
    const list = await tasks.list()
    expect(list.map((task) => task.taskName).sort()).toContain('Rotate log family logs')
    const backup = list.find((task) => task.taskName === 'NightlyBackup')
    expect(backup).toMatchObject({ schedule: '30 2 * * *', timeZone: ZONE, timeout: 3600, enabled: true })
    expect(list.filter((task) => !existsSync(task.scriptPath))).toEqual([])
  })

  it('leaves a change for every task, with who imported it and why', async () => {
    const { import: service, db } = await bench(await open())
    await service.importFiles(admin, {
      files: [
        {
          path: 'config/tasks.yaml',
          content: readFileSync(path.join(INSTALLATION, 'config/tasks.yaml'), 'utf8'),
        },
      ],
      dryRun: false,
      cron: 'standard',
    })
    const changes = await db.read
      .selectFrom('Data_Change')
      .selectAll()
      .where('tableName', '=', 'Tasks')
      .execute()
    expect(changes).toHaveLength(3)
    for (const change of changes)
      expect(change).toMatchObject({ action: 'INSERT', changedBy: 'local:test', changeReason: 'import' })
  })

  it('reads a single file of an installation as part of it', async () => {
    const { import: service, tasks } = await bench(await open())
    const file = path.join(installation, 'apps/Exports/config/tasks.yaml')
    const result = await service.importPaths(admin, { ...options, paths: [file] })
    expect(counts(result)).toEqual([2, 0, 0, 0])
    const [first] = await tasks.list()
    expect(first).toMatchObject({
      appName: 'Exports',
      scriptPath: path.join(installation, 'apps/Exports/tasks/old.ps1'),
    })
  })

  it('does not follow links out of the folder, and says so', async () => {
    const { import: service } = await bench(await open())
    const app = path.join(installation, 'apps/Linked/config')
    mkdirSync(app, { recursive: true })
    writeFileSync(path.join(folder, 'outside.yaml'), 'tasks: [{name: Planted, scriptPath: x.sh}]')
    symlinkSync(path.join(folder, 'outside.yaml'), path.join(app, 'tasks.yaml'))
    const { items } = await service.importPaths(admin, { ...options, paths: paths(), dryRun: true })
    expect(items.find((item) => item.source.includes('Linked'))?.reason).toContain(
      'leads out of the installation',
    )
    expect(items.some((item) => item.name === 'Planted')).toBe(false)
  })

  it('names a path that is not there, and a folder that is no installation', async () => {
    const { import: service } = await bench(await open())
    const missing = service.importPaths(admin, { ...options, paths: [path.join(folder, 'no')] })
    await expect(missing).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const empty = service.importPaths(admin, { ...options, paths: [path.join(installation, 'tasks')] })
    await expect(empty).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  })

  it('is for administrators', async () => {
    const { import: service } = await bench(await open())
    const asked = service.importPaths({ ...admin, role: 'operator' }, { ...options, paths: paths() })
    await expect(asked).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })

  it('takes the id of the installation over while it can, else warns', async () => {
    const adopted: string[] = []
    const adopt = async (nodeId: string) => (adopted.push(nodeId), true)
    const fresh = await bench(await open(), { canAdopt: async () => true, adopt })
    const settings = { ...options, paths: [path.join(installation, 'config/settings.json')] }
    expect((await fresh.import.importPaths(admin, { ...settings, dryRun: true })).items[0]?.action).toBe(
      'updated',
    )
    expect(adopted).toEqual([])
    expect(await fresh.import.importPaths(admin, settings)).toMatchObject({ nodeId: GUID, updated: 1 })
    expect(adopted).toEqual([GUID])

    const registered = await bench(await open())
    const { items } = await registered.import.importPaths(admin, settings)
    expect(items[0]).toMatchObject({ action: 'unchanged', warnings: [expect.stringContaining(TEST_NODE_ID)] })
  })

  it('goes on when someone else creates a task of the same name meanwhile', async () => {
    const { import: service, tasks, create } = await bench(await open())
    const list = tasks.list
    // The race: the list is read, then the other one is faster.
    tasks.list = async () => {
      const before = await list()
      await create({ taskName: 'B', scriptPath: 'theirs.sh' })
      tasks.list = list
      return before
    }
    const content =
      'tasks: [{name: A, scriptPath: a.sh}, {name: B, scriptPath: b.sh}, {name: C, scriptPath: c.sh}]'
    const result = await service.importFiles(admin, {
      files: [{ path: 'config/tasks.yaml', content }],
      dryRun: false,
      cron: 'standard',
    })
    expect(result.items.map(({ name, action }) => [name, action])).toEqual([
      ['A', 'created'],
      ['B', 'skipped'],
      ['C', 'created'],
    ])
    expect(result.items[1]?.reason).toContain('exists already')
  })
})

describe.each(databases())('$name: our own export', ({ open }) => {
  it('moves every task to another cluster and is unchanged where it came from; secrets stay behind', async () => {
    const here = await bench(await open())
    await here.create(
      { taskName: 'Push', scriptPath: 'push.sh', environment: { TOKEN: { secret: 'planted-secret' } } },
      {
        taskName: 'Sync',
        appName: 'Files',
        scriptPath: 'sync.sh',
        schedule: { type: 'interval', everySeconds: 60 },
      },
    )
    const document = await createExport({ tasks: here.tasks, clock: systemClock })()
    const content = JSON.stringify(document)
    expect(content).not.toContain('planted-secret')
    const input = { files: [{ path: 'export.json', content }], dryRun: false, cron: 'standard' as const }
    expect(counts(await here.import.importFiles(admin, input))).toEqual([0, 0, 2, 0])

    const there = await bench(await open())
    expect(counts(await there.import.importFiles(admin, input))).toEqual([2, 0, 0, 0])
    expect((await there.tasks.list())[0]).toMatchObject({ taskName: 'Push', enabled: false, environment: {} })
    expect(counts(await there.import.importFiles(admin, input))).toEqual([0, 0, 2, 0])
  })
})

describe.each(databases())('$name: samples', ({ open }) => {
  it('are imported by name, once, with their scripts; what people changed stays', async () => {
    const { tasks } = await bench(await open())
    const scriptsDir = path.join(folder, 'scripts')
    const samples = createSamples({ resourcesDir: RESOURCES, scriptsDir, tasks, clock: systemClock })
    expect((await samples.list(admin)).map(({ imported }) => imported)).not.toContain(true)

    const first = await samples.import(admin, ['disk-space', 'no-such'], { enabled: false })
    expect(counts(first)).toEqual([1, 0, 0, 1])
    expect(first.items[1]?.reason).toContain('there are disk-space')
    expect((await tasks.list())[0]).toMatchObject({
      taskName: 'Disk space',
      appName: 'Samples',
      enabled: false,
      scriptPath: 'samples/disk-space.mjs',
    })
    writeFileSync(path.join(scriptsDir, 'samples/task.mjs'), '// mine')
    expect(counts(await samples.import(admin, ['disk-space'], { enabled: true }))).toEqual([0, 0, 1, 0])
    const other = await samples.import(admin, ['old-files'], { enabled: true })
    expect(other.items[0]?.warnings[0]).toContain('task.mjs was there already')
    expect(readFileSync(path.join(scriptsDir, 'samples/task.mjs'), 'utf8')).toBe('// mine')
    expect((await samples.list(admin)).filter(({ imported }) => imported)).toHaveLength(2)
  })
})
