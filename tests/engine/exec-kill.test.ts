import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, describe, it } from 'vitest'
import { killLeftovers } from '../../src/main/exec/leftovers.ts'
import { listResults, readResult } from '../../src/main/exec/journal.ts'
import { systemClock } from '../../src/main/platform/clock.ts'
import {
  createHarness,
  isLiving,
  markedProcesses,
  STUBBORN,
  waitFor,
  type Harness,
} from './fixtures/exec-harness.ts'

const onLinux = process.platform === 'linux'

describe.runIf(onLinux)('ending a whole tree', () => {
  let harness: Harness
  beforeAll(() => {
    harness = createHarness()
  })
  afterAll(() => harness.close())

  const startStubborn = async (over: Parameters<Harness['spec']>[1]) => {
    const spec = harness.spec(harness.script('stubborn.sh', STUBBORN), over)
    const result = harness.supervisor.run(spec)
    await waitFor('the whole tree', () => markedProcesses(spec.historyId).length >= 4)
    return { spec, result }
  }

  it('times out a script that forks, leaves the session and ignores SIGTERM, and leaves nothing alive', async () => {
    const { spec, result } = await startStubborn({ timeoutMs: 900, graceMs: 300 })
    expect(await result).toMatchObject({
      state: 'Timeout',
      signal: 'SIGKILL',
      error: 'timed out after 0.9 s; killed, since it went on for 0.3 s after the request to end',
    })
    expect(markedProcesses(spec.historyId)).toEqual([])
  })
  it('stops on request, and says which request it was', async () => {
    const { spec, result } = await startStubborn({ graceMs: 0 })
    expect(harness.supervisor.stop(spec.historyId, 'lease')).toBe(true)
    expect(await result).toMatchObject({
      state: 'Stopped',
      error: 'ended because the node could not renew its lease',
    })
    expect(markedProcesses(spec.historyId)).toEqual([])
    expect(harness.supervisor.stop(spec.historyId, 'stop')).toBe(false)
  })
  it('lets a script that obeys SIGTERM tidy up', async () => {
    const spec = harness.spec(
      harness.script('tidy.sh', 'trap "echo tidied; exit 0" TERM; echo up; while :; do sleep 0.05; done'),
      { graceMs: 3000 },
    )
    const result = harness.supervisor.run(spec)
    await waitFor('its first output', () => harness.growth.some((each) => each.historyId === spec.historyId))
    harness.supervisor.stop(spec.historyId, 'stop')
    expect(await result).toMatchObject({ state: 'Stopped', exitCode: 0, error: 'stopped on request' })
    expect((await harness.output(spec.historyId)).toString()).toContain('tidied')
  })
  it('ends a run with its script, kills what it left behind and says so', async () => {
    const spec = harness.spec(
      harness.script(
        'daemon.sh',
        'setsid sleep 300 & (setsid sleep 300 </dev/null >/dev/null 2>&1 &); echo bye',
      ),
    )
    const before = performance.now()
    const result = await harness.supervisor.run(spec)
    expect(result).toMatchObject({ state: 'Success', exitCode: 0 })
    expect(performance.now() - before).toBeLessThan(2000)
    expect(markedProcesses(spec.historyId)).toEqual([])
    expect((await harness.output(spec.historyId)).toString()).toMatch(/bye\n\n\[pswebhost: processes .*: 2\]/)
  })
  it('finds a child that cleared its environment', async () => {
    const spec = harness.spec(harness.script('bare.sh', 'env -i setsid sleep 312 & echo $!; sleep 300'))
    const result = harness.supervisor.run(spec)
    await waitFor('the pid', () => harness.growth.some((each) => each.historyId === spec.historyId))
    const pid = Number((await harness.output(spec.historyId)).toString())
    expect(isLiving(pid)).toBe(true)
    harness.supervisor.stop(spec.historyId, 'stop')
    await result
    expect(isLiving(pid)).toBe(false)
  })
  it('kills the runs that are left when the supervisor is closed', async () => {
    const other = createHarness()
    const spec = other.spec(other.script('long.sh', STUBBORN), { graceMs: 100 })
    const result = other.supervisor.run(spec)
    await waitFor('the tree', () => markedProcesses(spec.historyId).length >= 4)
    const pid = other.supervisor.pid() ?? 0
    await other.close()
    expect(await result).toMatchObject({ state: 'Stopped' })
    expect((await result).error).toContain('ended because the node shut down')
    expect([...markedProcesses(spec.historyId), isLiving(pid)]).toEqual([false])
    expect(() => other.supervisor.run(spec)).toThrow(/shutting down/)
  })
})

describe.runIf(onLinux)('when a process of ours is killed', () => {
  it('kills supervisor and scripts when the node dies by SIGKILL, and leaves no result', async () => {
    const holder = createHarness()
    const script = holder.script('stubborn.sh', STUBBORN)
    const node = spawn(process.execPath, [join(import.meta.dirname, 'fixtures/exec-node.ts'), script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = (await once(createInterface({ input: node.stdout }), 'line')) as [string]
    const said = JSON.parse(line) as { historyId: string; dir: string; supervisorPid: number }
    await waitFor('the tree', () => markedProcesses(said.historyId).length >= 4)
    node.kill('SIGKILL')
    await waitFor('the death of all', () => markedProcesses(said.historyId).length === 0, 3000)
    await waitFor('the end of the supervisor', () => !isLiving(said.supervisorPid), 3000)
    expect(await listResults(join(said.dir, 'journal'))).toEqual([])
    rmSync(said.dir, { recursive: true })
    await holder.close()
  })
  it('reports the runs of a supervisor that dies as failed, their trees dead, and starts another', async () => {
    const harness = createHarness()
    const spec = harness.spec(harness.script('stubborn.sh', STUBBORN))
    const result = harness.supervisor.run(spec)
    await waitFor('the tree', () => markedProcesses(spec.historyId).length >= 4)
    const first = harness.supervisor.pid() ?? 0
    process.kill(first, 'SIGKILL')
    expect(await result).toMatchObject({
      state: 'Failed',
      incarnation: 'incarnation-1',
      error: 'the supervisor was ended by SIGKILL while the script ran',
    })
    expect(markedProcesses(spec.historyId)).toEqual([])
    expect(await readResult(join(harness.dir, 'journal'), spec.historyId)).toEqual(await result)
    const next = await harness.supervisor.run(harness.spec(harness.script('ok.sh', 'echo ok')))
    expect(next.state).toBe('Success')
    expect(harness.supervisor.pid()).not.toBe(first)
    await harness.close()
  })
  it('is not ended by signals meant for the node', async () => {
    const harness = createHarness()
    const spec = harness.spec(harness.script('wait.sh', 'echo up; sleep 0.5'))
    const result = harness.supervisor.run(spec)
    await waitFor('its output', () => harness.growth.length > 0)
    for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
      process.kill(harness.supervisor.pid() ?? 0, name)
    expect((await result).state).toBe('Success')
    await harness.close()
  })
  it('fails a run, instead of waiting for ever, when the supervisor cannot be started', async () => {
    const harness = createHarness()
    await harness.supervisor.close()
    const { createSupervisor } = await import('../../src/main/exec/supervisor-client.ts')
    const broken = createSupervisor({
      entry: join(harness.dir, 'no-such-supervisor.js'),
      nodePath: process.execPath,
      spoolDir: join(harness.dir, 'spool'),
      journalDir: join(harness.dir, 'journal'),
      powershellWrapper: '',
      hostEnvironment: process.env,
      nodeDirId: 'x',
      maxOutputBytes: 1000,
      clock: systemClock,
      log: { warn: () => undefined },
    })
    const result = await broken.run(harness.spec(harness.script('ok.sh', 'echo ok')))
    expect(result.error).toBe('the supervisor ended with code 1 while the script ran')
    await broken.close()
    rmSync(harness.dir, { recursive: true })
    expect(existsSync(harness.dir)).toBe(false)
  })
})

describe.runIf(onLinux)('leftovers of an earlier incarnation', () => {
  it('are killed for this data folder only', async () => {
    const leave = (historyId: string, nodeDir: string) =>
      spawn('/bin/bash', ['-c', "trap '' TERM; sleep 300 & sleep 300"], {
        env: { PATH: process.env['PATH'], PSWEBHOST_HISTORY_ID: historyId, PSWEBHOST_NODE_DIR: nodeDir },
        detached: true,
        stdio: 'ignore',
      })
    const ids = ['mine', 'other'].map((name) => `${name}-${process.pid}`) as [string, string]
    const [, other] = [leave(ids[0], `dir-${process.pid}`), leave(ids[1], `elsewhere-${process.pid}`)]
    await waitFor('both trees', () => ids.every((id) => markedProcesses(id).length === 3))
    const report = await killLeftovers({
      nodeDirId: `dir-${process.pid}`,
      clock: systemClock,
      platform: process.platform,
    })
    expect(report).toEqual({ historyIds: [ids[0]], survivors: [] })
    expect(markedProcesses(ids[0])).toEqual([])
    expect(markedProcesses(ids[1])).toHaveLength(3)
    process.kill(-(other.pid ?? 0), 'SIGKILL')
  })
})
