import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkScript } from '../../src/main/exec/check-script.ts'
import { createHarness, INTERPRETERS, type Harness } from './fixtures/exec-harness.ts'

const PWSH = INTERPRETERS['powershell'] ?? null

/** Really runs where pwsh is installed; elsewhere exec-text.test.ts holds the command line and the wrapper's text. */
describe.runIf(PWSH)('PowerShell scripts (need pwsh)', () => {
  let harness: Harness
  beforeAll(() => {
    harness = createHarness()
  })
  afterAll(() => harness.close())

  const run = async (name: string, text: string) => {
    const spec = harness.spec(harness.script(name, text), {
      parameters: { KeepDays: 14, Names: ['a', 'b'] },
      taskContext: {
        TaskName: 'A task',
        AppName: 'Exports',
        Environment: { KEEP_DAYS: '14' },
        StartTime: '2026-01-01T00:00:00.000Z',
        TriggeredBy: 'Schedule',
      },
    })
    const result = await harness.supervisor.run(spec)
    return { result, output: (await harness.output(spec.historyId)).toString().trim() }
  }

  it('get TaskContext as a hashtable and the parameters they declare', async () => {
    const { result, output } = await run(
      'context.ps1',
      'param([hashtable]$TaskContext, [int]$KeepDays)\n"$($TaskContext.AppName) $($TaskContext.Environment.KEEP_DAYS) $KeepDays $pwd"',
    )
    expect(result).toMatchObject({ state: 'Success', exitCode: 0, error: null })
    expect(output).toBe(`Exports 14 14 ${harness.dir}/scripts`)
  })
  it('run without param block and may read the JSON themselves', async () => {
    const { output } = await run('plain.ps1', '([Console]::In.ReadToEnd() | ConvertFrom-Json).Names.Count')
    expect(output).toBe('2')
  })
  it.each([
    ['throw.ps1', "throw 'no such host'", 1, 'no such host'],
    ['returned.ps1', "return @{ Success = $false; Error = 'disk is full' }", 1, 'disk is full'],
    ['exit.ps1', 'exit 5', 5, 'exit code 5'],
  ])('%s fails with its message', async (name, text, exitCode, error) => {
    const { result } = await run(name, text)
    expect(result).toMatchObject({ state: 'Failed', exitCode })
    expect(result.error).toContain(error)
  })
  it('do not fail because a native command failed in passing', async () => {
    expect((await run('native.ps1', '& /bin/false\n"went on"')).result.state).toBe('Success')
  })
  it('have their syntax checked', async () => {
    const request = { interpreter: PWSH, hostEnvironment: process.env, platform: process.platform }
    const scriptPath = harness.script('bad.ps1', 'function {')
    const [warning] = await checkScript({ ...request, scriptPath, scriptType: 'powershell' })
    expect(warning).toContain('bad.ps1 has a syntax error: line 1')
  })
})
