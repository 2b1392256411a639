import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseCommandLine } from '../../src/main/cli/options.ts'
import { exportedTask, exportJsonSchema } from '../../src/shared/domain/import/export-document.ts'
import { taskFields } from '../../src/shared/domain/task.ts'
import { fixture, inputOf, itemOf, plan, stored } from './support.ts'

const ROOT = path.join(import.meta.dirname, '../..')
const read = (below: string): string => readFileSync(path.join(ROOT, below), 'utf8')

describe('the published schema of exports', () => {
  const published = JSON.parse(read('resources/export.schema.json')) as {
    properties: { tasks: { items: { properties: object; required: string[] } } }
  }

  it('is in step with the program', () => {
    expect(published).toEqual(JSON.parse(JSON.stringify(exportJsonSchema())))
  })

  it('describes every field that an export holds', () => {
    const task = published.properties.tasks.items
    expect(Object.keys(task.properties).sort()).toEqual(Object.keys(taskFields).sort())
    expect(Object.keys(exportedTask(stored({ taskName: 'A', scriptPath: 'a.sh' }))).sort()).toEqual(
      Object.keys(task.properties).sort(),
    )
    expect(task.required).toEqual(['taskName', 'scriptPath'])
  })
})

describe('docs/migration.md', () => {
  const text = read('docs/migration.md')
  const commands = [...text.matchAll(/```sh\n([^`]+)```/g)]
    .flatMap(([, block]) => (block ?? '').trim().split('\n'))
    .map((line) => line.split(' -- ')[1] ?? '')

  it('shows commands that the program understands', () => {
    const print = (): void => undefined
    const parsed = commands.map((command) => parseCommandLine(command.split(' '), { version: '0', print }))
    const read = parsed.map((one) => ('command' in one ? one.command : null))
    const paths = ['/srv/PsWebHost']
    const base = { name: 'import', paths, dryRun: false, cron: 'standard', addScriptRoot: false }
    expect(read).toEqual([
      { ...base, dryRun: true },
      { ...base, dryRun: true, cron: 'legacy' },
      { ...base, addScriptRoot: true },
      { name: 'doctor', fix: false },
      base,
      { name: 'export', file: 'tasks.json' },
      { ...base, paths: ['tasks.json'], dryRun: true },
    ])
  })

  it('names no option that there is none of', () => {
    const print = (): void => undefined
    for (const [option, , value] of text.matchAll(
      /--(cron|dry-run|add-script-root|json)(?: (standard|legacy))?/g,
    )) {
      const words = [
        'import',
        'x',
        ...(option.startsWith('--cron') && !value ? ['--cron', 'legacy'] : option.split(' ')),
      ]
      expect(parseCommandLine(words, { version: '0', print }).kind).toBe('command')
    }
    expect([...text.matchAll(/`(--[a-z-]+)/g)].map(([, option]) => option)).toEqual(
      expect.arrayContaining(['--cron', '--add-script-root', '--json']),
    )
  })

  it('tells the truth about cron: its example has the two readings that the page shows', () => {
    const done = plan([fixture('config/tasks.yaml')])
    expect(itemOf(done, 'OfficeHours').item.cronReadings).toMatchObject({
      expression: '0 9-17 * * 1-5',
      legacy: { cron: '0 * * * *' },
    })
    expect(text).toContain('"0 9-17 * * 1-5"')
    const legacy = plan([fixture('config/tasks.yaml')], { cron: 'legacy' })
    expect(inputOf(legacy, 'FridayThe13th').schedule).toBe('0 3 13 * +5')
    expect(text).toContain('`0 3 13 * +5`')
  })
})
