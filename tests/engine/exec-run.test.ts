import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listResults, readResult, removeResult } from '../../src/main/exec/journal.ts'
import { NO_LIMITS } from '../../src/main/exec/run-spec.ts'
import { createHarness, INTERPRETERS, type Harness } from './fixtures/exec-harness.ts'

let harness: Harness
beforeAll(() => {
  harness = createHarness()
})
afterAll(() => harness.close())

const run = async (name: string, text: string, over: Parameters<Harness['spec']>[1] = {}, mode = 0o644) => {
  const spec = harness.spec(harness.script(name, text, mode), over)
  const result = await harness.supervisor.run(spec)
  return { spec, result, output: (await harness.output(spec.historyId)).toString() }
}

const PARAMETERS = { 'keep-days': 14, name: 'Zoë', nested: { a: [1, true] } }
const ECHO_JS = 'let t = ""; for await (const c of process.stdin) t += c;'

describe('scripts of every kind', () => {
  const cases: [string, string][] = [
    ['echo.sh', 'cat; echo; echo "$PSWEBHOST_PARAM_KEEP_DAYS $PSWEBHOST_PARAM_NESTED"'],
    [
      'echo.mjs',
      `${ECHO_JS} console.log(t + "\\n" + process.env.PSWEBHOST_PARAM_KEEP_DAYS, process.env.PSWEBHOST_PARAM_NESTED)`,
    ],
    [
      'echo.ts',
      `const e: Record<string, string | undefined> = process.env; ${ECHO_JS.replace('t =', 't: string =')} console.log(t + "\\n" + e.PSWEBHOST_PARAM_KEEP_DAYS, e.PSWEBHOST_PARAM_NESTED); export {}`,
    ],
    [
      'echo.js',
      'const t = require("fs").readFileSync(0, "utf8"); console.log(t + "\\n" + process.env.PSWEBHOST_PARAM_KEEP_DAYS, process.env.PSWEBHOST_PARAM_NESTED)',
    ],
    [
      'echo.py',
      'import os,sys\nprint(sys.stdin.buffer.read().decode())\nprint(os.environ["PSWEBHOST_PARAM_KEEP_DAYS"], os.environ["PSWEBHOST_PARAM_NESTED"])',
    ],
    ['echo', '#!/bin/sh\ncat; echo; echo "$PSWEBHOST_PARAM_KEEP_DAYS $PSWEBHOST_PARAM_NESTED"'],
  ]
  it.each(cases)('%s runs and gets its parameters on stdin and as variables', async (name, text) => {
    const { result, output } = await run(name, text, { parameters: PARAMETERS }, 0o755)
    expect(result).toMatchObject({ state: 'Success', exitCode: 0, signal: null, error: null })
    expect(output.trim().split('\n')).toEqual([JSON.stringify(PARAMETERS), '14 {"a":[1,true]}'])
    expect(result.outputBytes).toBe(Buffer.byteLength(output))
  })
})

describe('how a run ends', () => {
  it('records the exit code and the last line of stderr', async () => {
    const { result } = await run('fail.sh', 'echo fine; echo "disk /data is full" >&2; exit 7')
    expect(result).toMatchObject({ state: 'Failed', exitCode: 7, signal: null, error: 'disk /data is full' })
  })
  it('names the exit code when the script said nothing', async () => {
    expect((await run('quiet.sh', 'exit 3')).result.error).toBe('exit code 3')
  })
  it('takes the message, not the stack, of an uncaught error in Node', async () => {
    const { result } = await run('throw.mjs', 'function f() {\n  throw new TypeError("no such host")\n}\nf()')
    expect(result).toMatchObject({ state: 'Failed', exitCode: 1, error: 'TypeError: no such host' })
  })
  it.runIf(INTERPRETERS['python'])('takes the message of a Python traceback', async () => {
    expect((await run('raise.py', 'raise ValueError("bad date")')).result.error).toBe('ValueError: bad date')
  })
  it('records the signal a script died of', async () => {
    const { result } = await run('segv.sh', 'kill -SEGV $$')
    expect(result).toMatchObject({
      state: 'Failed',
      exitCode: null,
      signal: 'SIGSEGV',
      error: 'ended by signal SIGSEGV',
    })
  })
  it('fails with the reason when the interpreter is gone', async () => {
    const { result } = await run('x.sh', 'echo', { interpreter: '/nowhere/bash' })
    expect(result).toMatchObject({ state: 'Failed', exitCode: null })
    expect(result.error).toContain('could not start /nowhere/bash')
  })
  it('fails with the reason when no interpreter is known or the folder is gone', async () => {
    expect((await run('y.sh', 'echo', { interpreter: null })).result.error).toBe(
      'could not start: no interpreter for bash scripts on this node',
    )
    expect((await run('z.sh', 'echo', { workingDirectory: '/nowhere/at/all' })).result.error).toBe(
      'could not start: its folder /nowhere/at/all is missing',
    )
  })
  it('does not mind a script that never reads a large stdin', async () => {
    const { result } = await run('deaf.sh', 'exec <&-; echo done', {
      parameters: { text: 'x'.repeat(3_000_000) },
    })
    expect(result).toMatchObject({ state: 'Success', error: null })
  })
  it('refuses a second run of the same id while the first is live', async () => {
    const spec = harness.spec(harness.script('once.sh', 'sleep 0.3'))
    const first = harness.supervisor.run(spec)
    expect(() => harness.supervisor.run(spec)).toThrow(/running already/)
    expect((await first).state).toBe('Success')
  })
  it('runs many at once and lists the live ones', async () => {
    const specs = Array.from({ length: 20 }, (_, i) =>
      harness.spec(harness.script(`n${i}.sh`, 'sleep 0.2; exit 0')),
    )
    const results = specs.map((spec) => harness.supervisor.run(spec))
    expect(harness.supervisor.list().map((live) => live.historyId)).toEqual(
      specs.map((spec) => spec.historyId),
    )
    expect((await Promise.all(results)).map((result) => result.state)).toEqual(specs.map(() => 'Success'))
    expect(harness.supervisor.list()).toEqual([])
  })
})

describe('the environment of a script', () => {
  it('holds nothing of the node but the minimum, drops refused names, and starts in the script root', async () => {
    const { output } = await run('env.sh', 'pwd; env -0 | tr "\\0" "\\n"', {
      environment: { KEEP: 'yes', NODE_OPTIONS: '--bad', LD_PRELOAD: '/x', PSWEBHOST_NODE_DIR: 'spoof' },
    })
    expect(output).toContain('KEEP=yes')
    expect(output).toContain('PSWEBHOST_TASK_NAME=A task')
    expect(output).toContain(`PSWEBHOST_NODE_DIR=${harness.nodeDirId}`)
    expect(output.split('\n')[0]).toBe(join(harness.dir, 'scripts'))
    for (const absent of ['planted-node-secret', 'NODE_OPTIONS', 'LD_PRELOAD', 'NODE_CHANNEL_FD', 'VITEST'])
      expect(output).not.toContain(absent)
  })
  it('leaves a parameter too long for a variable out of the environment, not off stdin', async () => {
    const { output, result } = await run('long.sh', 'wc -c; env | grep -c PSWEBHOST_PARAM_ ', {
      parameters: { big: 'x'.repeat(200_000), small: 'y' },
    })
    expect(result.state).toBe('Success')
    expect(output.trim().split(/\s+/)).toEqual([
      String(JSON.stringify({ big: 'x'.repeat(200_000), small: 'y' }).length),
      '1',
    ])
  })
})

describe('limits', () => {
  it.runIf(INTERPRETERS['python'])('fails a script that allocates more than memoryMb', async () => {
    const { result } = await run('hog.py', 'x = bytearray(600 * 1024 * 1024)\nprint("got it")', {
      limits: { ...NO_LIMITS, memoryMb: 300 },
    })
    expect(result).toMatchObject({ state: 'Failed', error: 'MemoryError' })
  })
  it('gives a Node script its memory limit as heap', async () => {
    const { output } = await run(
      'heap.js',
      'console.log(require("v8").getHeapStatistics().heap_size_limit >> 20)',
      {
        limits: { ...NO_LIMITS, memoryMb: 100 },
      },
    )
    expect(Number(output)).toBeLessThanOrEqual(100)
  })
  it('ends a script that burns more than cpuSeconds and says so', async () => {
    const { result } = await run('burn.sh', 'while :; do :; done', {
      limits: { ...NO_LIMITS, cpuSeconds: 1 },
    })
    expect(result).toMatchObject({ state: 'Failed', error: 'used more CPU time than its limit of 1 s' })
  })
  it('sets the process limit in the shells at hand', async () => {
    const { output } = await run('nproc.sh', 'ulimit -u', { limits: { ...NO_LIMITS, processes: 321 } })
    expect(output.trim()).toBe('321')
  })
})

describe('the journal', () => {
  it('holds the result, for its owner only, before the run is reported', async () => {
    const { result, spec } = await run('ok.sh', 'echo hi')
    const journal = join(harness.dir, 'journal')
    expect(await readResult(journal, spec.historyId)).toEqual(result)
    expect(statSync(join(journal, `${spec.historyId}.json`)).mode & 0o777).toBe(0o600)
    expect((await listResults(journal)).map((each) => each.historyId)).toContain(spec.historyId)
    await removeResult(journal, spec.historyId)
    expect(await readResult(journal, spec.historyId)).toBeNull()
  })
  it('reports a run whose output and result cannot be stored', async () => {
    const other = createHarness()
    rmSync(join(other.dir, 'spool'), { recursive: true })
    const spec = other.spec(other.script('ok.sh', 'echo hi'))
    expect((await other.supervisor.run(spec)).error).toMatch(/could not start: .*ENOENT/)
    mkdirSync(join(other.dir, 'spool'))
    expect((await other.supervisor.run(spec)).state).toBe('Success')
    await other.close()
    expect(existsSync(other.dir)).toBe(false)
  })
})
