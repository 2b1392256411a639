import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { detectIsolation } from '../../src/main/exec/isolation.ts'
import { killLeftovers } from '../../src/main/exec/leftovers.ts'
import { NO_LIMITS, type RunSpec } from '../../src/main/exec/run-spec.ts'
import type { Sandbox } from '../../src/main/exec/sandbox.ts'
import { systemClock } from '../../src/main/platform/clock.ts'
import {
  createHarness,
  isLiving,
  markedProcesses,
  STUBBORN,
  waitFor,
  type Harness,
} from './fixtures/exec-harness.ts'

/* What this machine offers is tried for real; what it does not is named as skipped, with the reason. */

const found = await detectIsolation({
  platform: process.platform,
  isRoot: process.getuid?.() === 0,
  hostEnvironment: process.env,
  sandboxUser: process.getuid?.() === 0 ? 'nobody' : null,
  nodeDirId: 'test',
})
const { setpriv, account, bwrap } = found
const reasonOf = (feature: string): string => {
  const reason = found.features.find((each) => each.feature === feature)?.reason
  return reason ? ` (not here: ${reason})` : ''
}

const asUser = (): Sandbox | null => (setpriv && account ? { kind: 'user', setpriv, account } : null)
const inBubble = (dir: string): Sandbox | null =>
  bwrap === null
    ? null
    : { kind: 'bubblewrap', bwrap, hidden: [dir], masked: [], scriptRoots: [join(dir, 'scripts')] }

const harnessIn = (sandboxIn: (dir: string) => Sandbox | null): Harness => {
  const harness = createHarness({ sandbox: (dir) => sandboxIn(dir) ?? { kind: 'none' } })
  // As an administrator would, for scripts that run as another account.
  chmodSync(harness.dir, 0o755)
  onTestFinished(() => harness.close())
  return harness
}

const runIn = async (harness: Harness, text: string, over: Partial<RunSpec> = {}, name = 'script.sh') => {
  const spec = harness.spec(harness.script(name, text), over)
  const result = await harness.supervisor.run(spec)
  return { spec, result, output: (await harness.output(spec.historyId)).toString() }
}

const SANDBOXES = [
  { name: `user${reasonOf('user')}`, sandbox: asUser, there: asUser() !== null },
  { name: `bubblewrap${reasonOf('bubblewrap')}`, sandbox: inBubble, there: bwrap !== null },
]

describe.each(SANDBOXES)('in the sandbox $name', ({ sandbox, there }) => {
  describe.runIf(there)('a script', () => {
    it('gets its parameters, and its output and exit code come back', async () => {
      const harness = harnessIn(sandbox)
      const { result, output } = await runIn(
        harness,
        'cat; echo; echo "$PSWEBHOST_PARAM_WORD" >&2; pwd; exit 7',
        {
          parameters: { word: 'hello' },
        },
      )
      expect(result).toMatchObject({ state: 'Failed', exitCode: 7, signal: null, error: 'hello' })
      expect(output).toContain('{"word":"hello"}')
      expect(output).toContain(join(harness.dir, 'scripts'))
    })

    it('can gain no privileges, and has none', async () => {
      const { output } = await runIn(
        harnessIn(sandbox),
        'grep -E "NoNewPrivs|CapEff|CapPrm" /proc/self/status',
      )
      expect(output).toMatch(/NoNewPrivs:\s+1/)
      expect(output).toMatch(/CapEff:\s+0+\n/)
      expect(output).toMatch(/CapPrm:\s+0+\n/)
    })

    it('runs under every interpreter of the node', async () => {
      const harness = harnessIn(sandbox)
      expect((await runIn(harness, 'console.log("node")', {}, 'a.mjs')).output).toBe('node\n')
      if (existsSync('/usr/bin/python3'))
        expect(
          (await runIn(harness, 'print("python")', { interpreter: '/usr/bin/python3' }, 'a.py')).output,
        ).toBe('python\n')
    })

    it('is ended with its whole tree when its time is up, though it forks and ignores the request', async () => {
      const harness = harnessIn(sandbox)
      const spec = harness.spec(harness.script('s.sh', STUBBORN), { timeoutMs: 900, graceMs: 300 })
      const result = harness.supervisor.run(spec)
      await waitFor('the whole tree', () => markedProcesses(spec.historyId).length >= 4)
      expect(await result).toMatchObject({
        state: 'Timeout',
        signal: 'SIGKILL',
        error: 'timed out after 0.9 s; killed, since it went on for 0.3 s after the request to end',
      })
      expect(markedProcesses(spec.historyId)).toEqual([])
    })

    it('may tidy up when it is asked to stop', async () => {
      const harness = harnessIn(sandbox)
      const text = 'trap "echo tidied; exit 0" TERM; echo up; while :; do sleep 0.05; done'
      const spec = harness.spec(harness.script('tidy.sh', text), { graceMs: 3000 })
      const result = harness.supervisor.run(spec)
      await waitFor('its first output', () => harness.growth.length > 0)
      harness.supervisor.stop(spec.historyId, 'stop')
      expect(await result).toMatchObject({ state: 'Stopped', exitCode: 0, error: 'stopped on request' })
      expect((await harness.output(spec.historyId)).toString()).toContain('tidied')
    })

    it('takes along what it left behind, even what cleared its environment', async () => {
      const text =
        'env -i setsid sleep 300 & setsid sleep 300 & (setsid sleep 300 </dev/null >/dev/null 2>&1 &); echo bye'
      const { spec, result, output } = await runIn(harnessIn(sandbox), text)
      expect(result).toMatchObject({ state: 'Success', exitCode: 0 })
      expect(output).toContain('bye')
      expect(markedProcesses(spec.historyId)).toEqual([])
    })

    it('dies with the supervisor, whatever ends that', async () => {
      const harness = harnessIn(sandbox)
      const spec = harness.spec(harness.script('s.sh', STUBBORN))
      const result = harness.supervisor.run(spec)
      await waitFor('the whole tree', () => markedProcesses(spec.historyId).length >= 4)
      process.kill(harness.supervisor.pid() ?? 0, 'SIGKILL')
      expect((await result).state).toBe('Failed')
      expect(markedProcesses(spec.historyId)).toEqual([])
    })

    it('keeps its limits, and its result says which it broke', async () => {
      const harness = harnessIn(sandbox)
      const burned = await runIn(harness, 'while :; do :; done', {
        limits: { ...NO_LIMITS, cpuSeconds: 1 },
      })
      expect(burned.result.error).toBe('used more CPU time than its limit of 1 s')
      const limited = await runIn(harness, 'ulimit -u; ulimit -v', {
        limits: { ...NO_LIMITS, processes: 321, memoryMb: 500 },
      })
      expect(limited.output).toBe('321\n512000\n')
    })
  })
})

describe.runIf(bwrap !== null)(`a script in bubblewrap${reasonOf('bubblewrap')}`, () => {
  it('writes to its working directory and to a temporary folder of its own, nowhere else', async () => {
    const harness = harnessIn(inBubble)
    const { output } = await runIn(
      harness,
      'echo mine > kept.txt; echo a > /tmp/mine && ls /tmp; touch /etc/x /usr/x "$HOME/x" 2>/dev/null || echo no',
    )
    expect(output).toContain('mine\n')
    expect(output).toContain('no\n')
    expect(readFileSync(join(harness.dir, 'scripts', 'kept.txt'), 'utf8')).toBe('mine\n')
    expect(existsSync('/tmp/mine')).toBe(false)
  })

  it('sees neither the keys of the node nor its processes', async () => {
    const harness = harnessIn(inBubble)
    writeFileSync(join(harness.dir, 'secret.key'), 'planted')
    const { output } = await runIn(
      harness,
      `ls ${harness.dir}; ls -d /proc/[0-9]* | wc -l; [ ! -e /proc/${process.pid} ] || echo planted`,
    )
    expect(output.split('\n')[0]).toBe('scripts')
    expect(Number(output.split('\n')[1])).toBeLessThan(8)
    expect(output).not.toContain('planted')
  })

  it('has the network of the machine', async () => {
    const server = createServer((_, answer) => answer.end('reached')).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const text = `console.log(await (await fetch('http://127.0.0.1:${port}')).text())`
    expect((await runIn(harnessIn(inBubble), text, {}, 'net.mjs')).output).toBe('reached\n')
  })

  it('is killed as a leftover of an earlier start', async () => {
    const harness = harnessIn(inBubble)
    const spec = harness.spec(harness.script('s.sh', STUBBORN))
    const result = harness.supervisor.run(spec)
    await waitFor('the whole tree', () => markedProcesses(spec.historyId).length >= 4)
    const report = await killLeftovers({
      nodeDirId: harness.nodeDirId,
      clock: systemClock,
      platform: process.platform,
    })
    expect(report).toEqual({ historyIds: [spec.historyId], survivors: [] })
    expect((await result).state).toBe('Failed')
  })
})

describe.runIf(asUser() !== null)(`a script as another account${reasonOf('user')}`, () => {
  it('is that account in name and rights, and reads nothing of the node', async () => {
    const harness = harnessIn(asUser)
    writeFileSync(join(harness.dir, 'secret.key'), 'planted', { mode: 0o600 })
    const { output } = await runIn(
      harness,
      `exec 2>&1; id -un; id -G; echo "$USER $HOME"; cat ${harness.dir}/secret.key || echo refused; kill -0 ${process.pid} || echo cannot`,
    )
    expect(output).toContain(`nobody\n${account?.gid}\nnobody ${account?.home}\n`)
    expect(output).toContain('refused\n')
    expect(output).toContain('cannot\n')
    expect(output).not.toContain('planted')
    expect(isLiving(process.pid)).toBe(true)
  })
})
