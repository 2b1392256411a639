import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
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

  it('uses only commands and options of the interface', () => {
    const options: Record<string, string[]> = {
      import: ['--dry-run', '--cron', '--add-script-root', '--json'],
      export: ['--json'],
      doctor: ['--fix', '--json'],
    }
    expect(commands.length).toBeGreaterThan(5)
    for (const command of commands) {
      const [name = '', ...rest] = command.split(' ')
      expect(Object.keys(options), command).toContain(name)
      for (const option of rest.filter((word) => word.startsWith('--')))
        expect(options[name], command).toContain(option)
    }
    expect([...text.matchAll(/--cron (\w+)/g)].map(([, value]) => value)).toEqual(
      expect.arrayContaining(['standard', 'legacy']),
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
