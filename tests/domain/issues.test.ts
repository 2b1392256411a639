import { describe, expect, it } from 'vitest'
import { nearest, toIssues } from '../../src/shared/domain/issues.ts'
import { taskFields, taskInputSchema } from '../../src/shared/domain/task.ts'

const issuesOf = (input: unknown) => {
  const parsed = taskInputSchema.safeParse(input)
  return parsed.success ? [] : toIssues(parsed.error.issues, Object.keys(taskFields))
}
const good = { taskName: 'Backup', scriptPath: 'backup.sh' }

describe('what is wrong with a task', () => {
  it('says nothing about a good one', () => {
    expect(issuesOf({ ...good, schedule: '*/5 * * * *', parameters: { a: 1, b: { secret: 'x' } } })).toEqual(
      [],
    )
  })
  it.each([
    [{ scriptPath: 'x' }, ['taskName'], 'is required'],
    [{ ...good, taskName: ' ' }, ['taskName'], 'must not be empty'],
    [{ ...good, tskName: 'x' }, ['tskName'], 'did you mean taskName?'],
    [{ ...good, zebra: 1 }, ['zebra'], 'leave it out'],
    [{ ...good, priority: 1.5 }, ['priority'], 'a whole number from -1000 to 1000'],
    [{ ...good, limits: { memoryMb: 1 } }, ['limits', 'memoryMb'], 'from 16'],
    [{ ...good, overlapPolicy: 'Never' }, ['overlapPolicy'], '"Skip"'],
    [
      { ...good, parameters: { deep: { inner: { secret: 'x' } } } },
      ['parameters', 'deep'],
      'value of its own',
    ],
    [{ ...good, parameters: { a: { $sealed: 'x' } } }, ['parameters', 'a'], 'reserved'],
    [{ ...good, parameters: { pin: { secret: 98765432 } } }, ['parameters', 'pin'], 'and nothing else'],
    [{ ...good, parameters: { o: { secret: 'x', note: 'y' } } }, ['parameters', 'o'], 'and nothing else'],
    [{ ...good, parameters: { o: { in: { secret: 'x', a: 1 } } } }, ['parameters', 'o'], 'value of its own'],
    [
      { ...good, environment: { A: { secret: 'x'.repeat(100_001) } } },
      ['environment', 'A'],
      '100000 characters',
    ],
    [{ ...good, environment: { LD_PRELOAD: 'x' } }, ['environment', 'LD_PRELOAD'], ''],
    [{ ...good, environment: { '1A': 'x' } }, ['environment', '1A'], 'variable name'],
    [{ ...good, scriptHash: 'abc' }, ['scriptHash'], '64 hexadecimal digits'],
    [{ ...good, schedule: { type: 'interval', everySeconds: 'x' } }, ['schedule', 'everySeconds'], ''],
  ])('%o: %o', (input, path, message) => {
    const issues = issuesOf(input)
    expect(issues.map((issue) => issue.path)).toContainEqual(path)
    expect(issues.find((issue) => issue.path.join() === path.join())?.message).toContain(message)
  })
  it('finds the nearest word only when it is near', () => {
    expect(nearest('enbled', ['enabled', 'environment'])).toBe('enabled')
    expect(nearest('zebra', ['enabled', 'environment'])).toBeNull()
  })
})
