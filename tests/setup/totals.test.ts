import { describe, expect, it } from 'vitest'
import { createProject } from './project.ts'

interface Totals {
  passed: number
  failed: number
  skipped: number
  skippedNames: string[]
}

/** The totals that `npm test` would print for a report of vitest, as it computes them. */
async function totalsOf(report: unknown, exitCode: number): Promise<{ result: Totals; line: string }> {
  const project = createProject()
  project.write(
    'ask.mjs',
    `import { totals, totalsLine } from './scripts/test/totals.mjs'
     const result = totals(${JSON.stringify(report)}, ${exitCode}, '/project')
     console.log(JSON.stringify({ result, line: totalsLine(result) }))`,
  )
  const { stdout } = await project.run(['ask.mjs'])
  return JSON.parse(stdout) as { result: Totals; line: string }
}

const file = (name: string, ...statuses: string[]) => ({
  name: `/project/tests/${name}`,
  status: statuses.length === 0 || statuses.includes('failed') ? 'failed' : 'passed',
  assertionResults: statuses.map((status, index) => ({ status, fullName: `${name} ${index}` })),
})

describe('the last line of npm test', () => {
  it('counts passed and failed tests', async () => {
    const { line } = await totalsOf({ testResults: [file('a', 'passed', 'failed'), file('b', 'passed')] }, 1)
    expect(line).toBe('2 passed, 1 failed')
  })

  it('counts and names every test that did not run, whatever the reason', async () => {
    const report = { testResults: [file('a', 'passed', 'skipped', 'pending', 'todo')] }
    const { line, result } = await totalsOf(report, 0)
    expect(line).toBe('1 passed, 0 failed, 3 skipped')
    expect(result.skippedNames).toEqual(['a 1 (tests/a)', 'a 2 (tests/a)', 'a 3 (tests/a)'])
  })

  it('counts a file that could not be loaded as one failure', async () => {
    const { line } = await totalsOf({ testResults: [file('a', 'passed'), file('broken')] }, 1)
    expect(line).toBe('1 passed, 1 failed')
  })

  it('never says that nothing failed when vitest was not content', async () => {
    expect((await totalsOf({ testResults: [file('a', 'passed')] }, 1)).line).toBe('1 passed, 1 failed')
    expect((await totalsOf(null, 134)).line).toBe('0 passed, 1 failed')
  })
})
