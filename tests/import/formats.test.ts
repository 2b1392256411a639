import { describe, expect, it } from 'vitest'
import { fixture, inputOf, itemOf, plan, stored, yamlTask } from './support.ts'

const GLOBAL = 'config/tasks.yaml'
const EXPORTS = 'apps/Exports/config/tasks.yaml'
const CERTS = 'apps/CertMgr/config/tasks.yaml'
const OVERRIDES = 'PsWebHost_Data/config/tasks.json'
const METRICS = 'apps/WebHostMetrics/jobs/CollectMetrics/job.json'
const ROTATE = 'apps/Logs/jobs/Rotate/job.json'

describe('flat task lists (A)', () => {
  it('map every field that has a home', () => {
    expect(inputOf(plan([fixture(GLOBAL)]), 'NightlyBackup')).toMatchObject({
      taskName: 'NightlyBackup',
      appName: '',
      description: 'Copies the databases away',
      enabled: true,
      schedule: '30 2 * * *',
      scriptPath: '/opt/pswebhost/tasks/backup.sh',
      timeout: 3600,
      environment: { TARGET: '/srv/backup', KEEP: '14', COMPRESS: 'true' },
      tags: ['backup', 'nightly'],
    })
  })

  it('name what has none, and variables that may not be set', () => {
    const { warnings } = itemOf(plan([fixture(GLOBAL)]), 'NightlyBackup').item
    expect(warnings).toEqual([
      'termination.maxFailures has no home here and is not imported',
      'environment.PATH is not taken: PATH may not be set: it decides which programs run; use absolute paths or set it in the script',
      'notifications has no home here and is not imported',
    ])
  })

  it('resolve paths of an app against the app, backslashes included', () => {
    expect(inputOf(plan([fixture(EXPORTS)]), 'PurgeTempExports')).toMatchObject({
      appName: 'Exports',
      scriptPath: '/opt/pswebhost/apps/Exports/tasks/purge.ps1',
    })
    expect(inputOf(plan([fixture(GLOBAL)]), 'OfficeHours').scriptPath).toBe('/opt/pswebhost/tasks/hours.sh')
    const windows = { ...fixture(EXPORTS), root: 'C:\\SC\\PsWebHost' }
    const done = plan([windows], { scriptRoots: ['c:\\sc\\pswebhost'] })
    expect(inputOf(done, 'PurgeTempExports').scriptPath).toBe(
      'C:\\SC\\PsWebHost\\apps\\Exports\\tasks\\purge.ps1',
    )
    expect(itemOf(done, 'OldTask').item.warnings).toEqual([])
  })

  it('keep the path relative, with a warning, when the folder is not known', () => {
    const done = plan([fixture(EXPORTS, null)])
    expect(inputOf(done, 'OldTask').scriptPath).toBe('apps/Exports/tasks/old.ps1')
    expect(itemOf(done, 'OldTask').item.warnings[0]).toContain('relative to a script root')
  })

  it('warn of scripts outside every root and name the option that helps', () => {
    const done = plan([fixture(EXPORTS)], { scriptRoots: ['/opt/pswebhost-other'] })
    expect(itemOf(done, 'OldTask').item).toMatchObject({ action: 'created' })
    expect(itemOf(done, 'OldTask').item.warnings[0]).toContain('--add-script-root')
  })

  it('enable a task without "enabled" and say that the old engine did not', () => {
    const done = plan([yamlTask('name: X\nscriptPath: x.sh')])
    expect(inputOf(done, 'X')).toMatchObject({ enabled: true, schedule: null })
    expect(itemOf(done, 'X').item.warnings[0]).toContain('enabled is not set')
  })
})

describe('one bad entry', () => {
  it('is skipped with its reason and does not stop the others', () => {
    const done = plan([fixture(GLOBAL), fixture('apps/Broken/config/tasks.yaml'), fixture(EXPORTS)])
    const skipped = done.items
      .filter(({ item }) => item.action === 'skipped')
      .map(({ item }) => [item.name, item.reason])
    expect(skipped).toEqual([
      [
        'NightlyBackup',
        'the same name and app were already taken from config/tasks.yaml; the first one wins',
      ],
      [null, 'name: is missing'],
      ['BadSchedule', expect.stringMatching(/^schedule "61 \* \* \* \*": minute "61" must be 0-59/)],
      ['BadRuntime', 'termination.maxRuntime: is string, but must be a number of seconds like 900'],
      [null, 'the entry is string, not a task'],
      [null, expect.stringMatching(/^is not valid YAML: .* at line \d+, column \d+/)],
    ])
    expect(done.items.filter(({ item }) => item.action === 'created')).toHaveLength(5)
  })

  it.each([
    ['name: X\nenabled: perhaps\nscriptPath: x.sh', 'enabled: is string, but must be true or false'],
    ['name: X\ntags: {a: 1}\nscriptPath: x.sh', 'tags: is an object, but must be a list of words'],
    [
      'name: X\nenvironment: [a]\nscriptPath: x.sh',
      'environment: is a list, but must be an object of names and values',
    ],
    [
      'name: X\nschedule: [1]\nscriptPath: x.sh',
      'schedule: is a list, but must be a cron expression like "30 2 * * *"',
    ],
    ['name: X\ndescription: {}\nscriptPath: x.sh', 'description: is an object, but must be text'],
    ['name: X\nenabled: true', 'scriptPath: is missing, so there is nothing to run'],
    [
      'name: X\nscriptPath: x.sh\ntermination: {maxRuntime: 99999999999}',
      expect.stringMatching(/^timeout: must be a whole number/),
    ],
  ])('%j is skipped', (lines, reason) => {
    expect(plan([yamlTask(lines)]).items.map(({ item }) => [item.action, item.reason])).toEqual([
      ['skipped', reason],
    ])
  })

  it('says where JSON is broken', () => {
    const done = plan([{ path: 'PsWebHost_Data/config/tasks.json', content: '{"tasks": [\n {"name": x}]}' }])
    expect(done.items[0]?.item.reason).toMatch(/^is not valid JSON: .*\(line 2,? column \d+\)/)
  })

  it('refuses files that are none of the known ones, and lists which are', () => {
    const done = plan([
      { path: 'notes.txt', content: 'x' },
      { path: 'package.json', content: '{"name":"x"}' },
      { path: 'config/tasks.yaml', content: '' },
      { path: 'apps/A/config/tasks.yaml', content: 'tasks: {a: 1}' },
    ])
    expect(done.items.map(({ item }) => item.reason)).toEqual([
      expect.stringContaining('apps/<App>/config/tasks.yaml'),
      expect.stringContaining('holds no tasks'),
      'is empty',
      '"tasks" is an object; it must hold a list under "tasks"',
    ])
  })
})

describe('nested task lists (B)', () => {
  it('take schedule.cron and a path from the project root', () => {
    expect(inputOf(plan([fixture(CERTS)]), 'CertMgr_Renew')).toMatchObject({
      appName: 'CertMgr',
      enabled: false,
      schedule: '0 4 * * 0',
      scriptPath: '/opt/pswebhost/apps/CertMgr/tasks/renew.ps1',
    })
  })

  it('refuse inline scripts', () => {
    expect(itemOf(plan([fixture(CERTS)]), 'CertMgr_Inline').item.reason).toContain('script.type: is "inline"')
  })
})

describe('runtime overrides (C)', () => {
  const all = [fixture(OVERRIDES), fixture(EXPORTS)]

  it('win over the definition, whatever the order of the files and the case of the name', () => {
    const { item } = itemOf(plan(all), 'PurgeTempExports')
    expect(item.source).toBe(`${EXPORTS} + ${OVERRIDES}`)
    expect(inputOf(plan(all), 'PurgeTempExports')).toMatchObject({
      enabled: false,
      schedule: '0 3 * * *',
      environment: { KEEP_DAYS: '30' },
      timeout: 900,
    })
  })

  it('skip what was deleted, add what is custom, and refuse what overrides nothing', () => {
    const done = plan(all)
    expect(itemOf(done, 'OldTask').item).toMatchObject({
      action: 'skipped',
      reason: expect.stringContaining('deleted') as string,
    })
    expect(inputOf(done, 'AdHocSync')).toMatchObject({
      appName: '',
      scriptPath: '/opt/pswebhost/tasks/sync.sh',
      schedule: '*/10 * * * *',
    })
    expect(itemOf(done, 'Nowhere').item.reason).toContain('neither among these files nor on this cluster')
  })

  it('apply to a task of an earlier import, only in what they name', () => {
    const existing = [
      stored({ taskName: 'Nowhere', appName: 'Exports', scriptPath: 'x.sh', schedule: '1 1 * * *' }),
    ]
    const { item, write } = itemOf(plan([fixture(OVERRIDES)], { existing }), 'Nowhere')
    expect(item).toMatchObject({ action: 'updated', reason: 'differs in enabled', taskId: 'id-Nowhere' })
    expect(write).toEqual({ kind: 'update', taskId: 'id-Nowhere', patch: { enabled: false } })
  })
})

describe('catalog jobs (D)', () => {
  it('are imported for manual runs: their schedule was only ever displayed', () => {
    const done = plan([fixture(METRICS)])
    expect(inputOf(done, 'System metrics')).toMatchObject({
      appName: 'WebHostMetrics',
      schedule: null,
      description: 'Collects metrics every interval in seconds',
      scriptPath: '/opt/pswebhost/apps/WebHostMetrics/jobs/CollectMetrics/CollectMetrics.ps1',
    })
    const { warnings } = itemOf(done, 'System metrics').item
    expect(warnings.join('\n')).toContain('default_schedule "*/5 * * * *"')
    expect(warnings.join('\n')).toContain('{{Interval}}')
    expect(warnings.join('\n')).toContain('roles_start, roles_stop, roles_restart have no home here')
  })

  it('fill {{Var}} in names and never repeat argument values', () => {
    const { item } = itemOf(plan([fixture(ROTATE)]), 'Rotate log family logs')
    expect(item.warnings.join()).toContain('argumentlist has 1 value')
    expect(JSON.stringify(item)).not.toContain('hunter2')
  })

  it('take named arguments as parameters', () => {
    const content = JSON.stringify({ ScriptRelativePath: 'a.ps1', argumentlist: { Days: 3 } })
    const done = plan([{ path: 'apps/A/jobs/Clean/job.json', content, root: '/opt/pswebhost' }])
    expect(inputOf(done, 'Clean')).toMatchObject({ parameters: { Days: 3 } })
  })
})

describe('the settings of the installation', () => {
  it('give the node id', () => {
    const done = plan([fixture('config/settings.json')])
    expect(done).toEqual({
      items: [],
      node: { nodeId: '6f1c2a3b-4d5e-4f60-8a7b-9c0d1e2f3a4b', source: 'config/settings.json' },
    })
  })

  it('are refused when the id is none', () => {
    const done = plan([{ path: 'config/settings.json', content: '{"WebServer":{"guid":"server-1"}}' }])
    expect(done.node).toBeNull()
    expect(done.items[0]?.item.reason).toContain('is not a GUID')
  })
})
