import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  groupOf,
  inGroup,
  makeGroup,
  openGroups,
  ranOutOfMemory,
  type GroupsDeps,
} from '../../src/main/exec/cgroup.ts'
import { detectIsolation } from '../../src/main/exec/isolation.ts'
import { NO_LIMITS } from '../../src/main/exec/run-spec.ts'
import { createHarness, waitFor } from './fixtures/exec-harness.ts'

/* Files as the kernel shows them; what it makes of them is tried below where this machine lets us. */

const tree = (files: Record<string, string>): string => {
  const mount = mkdtempSync(join(tmpdir(), 'cgroup-'))
  onTestFinished(() => rmSync(mount, { recursive: true }))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(mount, name, '..'), { recursive: true })
    writeFileSync(join(mount, name), text)
  }
  return mount
}

const ask = (mount: string, over: Partial<GroupsDeps> = {}) =>
  openGroups({
    platform: 'linux',
    isRoot: false,
    mount,
    own: '0::/system.slice/pswebhost.service\n',
    pid: 42,
    nodeDirId: 'abc',
    ...over,
  })

const SERVICE = 'system.slice/pswebhost.service'
const CONTROLLERS = 'cpuset cpu io memory pids\n'

describe('control groups', () => {
  it('are taken in a service that was given its own, after the node has moved aside', () => {
    const mount = tree({
      'cgroup.controllers': CONTROLLERS,
      [`${SERVICE}/cgroup.procs`]: '42\n',
      [`${SERVICE}/cgroup.subtree_control`]: '',
    })
    const base = join(mount, SERVICE)
    expect(ask(mount)).toEqual({ available: true, base })
    expect(readFileSync(join(base, 'pswebhost-node', 'cgroup.procs'), 'utf8')).toBe('42')
    expect(readFileSync(join(base, 'cgroup.subtree_control'), 'utf8')).toBe('+memory +pids')
    // The next start inside the same process finds itself there.
    expect(ask(mount, { own: `0::/${SERVICE}/pswebhost-node\n` })).toEqual({ available: true, base })
  })

  it.each([
    ['without version 2', {}, {}, /not mounted at/],
    [
      'where the kernel keeps memory elsewhere',
      { 'cgroup.controllers': 'hugetlb pids\n' },
      {},
      /no control of memory/,
    ],
    [
      'in the session of a person',
      { 'cgroup.controllers': CONTROLLERS, [`${SERVICE}/cgroup.procs`]: '41\n42\n' },
      {},
      /shares its group with other processes.*Delegate=yes/,
    ],
    ['in the topmost group', { 'cgroup.controllers': CONTROLLERS }, { own: '0::/\n' }, /topmost group/],
    ['on Windows', {}, { platform: 'win32' as const }, /part of Linux/],
  ])('are not to be had %s, with the reason', (_, files, over, words) => {
    const groups = ask(tree(files), over)
    expect(groups).toMatchObject({ available: false, reason: expect.stringMatching(words) as string })
  })

  it('get what the limits say, before the script starts', () => {
    const base = tree({ 'cgroup.subtree_control': 'memory pids', 'run-1/memory.swap.max': 'max' })
    const group = groupOf(base, '1', { ...NO_LIMITS, memoryMb: 64, processes: 7 })
    expect(group).toEqual({ path: join(base, 'run-1'), memoryMb: 64, processes: 7, cpuSeconds: null })
    if (!group) return
    makeGroup(group)
    const read = (name: string): string => readFileSync(join(group.path, name), 'utf8')
    expect(['memory.max', 'memory.swap.max', 'memory.oom.group', 'pids.max'].map(read)).toEqual([
      String(64 * 1024 * 1024),
      '0',
      '1',
      '7',
    ])
    const { command, args } = inGroup({ command: '/bin/echo', args: ['$(x)', 'b'] }, group)
    const said = spawnSync(command, args, { encoding: 'utf8' })
    expect(said.stdout).toBe('$(x) b\n')
    expect(read('cgroup.procs')).toBe(`${said.pid}\n`)
    expect(ranOutOfMemory(group)).toBe(false)
    writeFileSync(join(group.path, 'memory.events'), 'low 0\noom 1\noom_kill 3\n')
    expect(ranOutOfMemory(group)).toBe(true)
  })

  it('end a run whose processes together used up its CPU time', async () => {
    const base = tree({ 'cgroup.subtree_control': 'memory pids' })
    const harness = createHarness({ groups: base })
    onTestFinished(() => harness.close())
    const spec = harness.spec(harness.script('busy.sh', 'sleep 60'), {
      limits: { ...NO_LIMITS, cpuSeconds: 30 },
    })
    const result = harness.supervisor.run(spec)
    const group = join(base, `run-${spec.historyId}`)
    await waitFor('its group', () => existsSync(join(group, 'cgroup.procs')))
    writeFileSync(join(group, 'cpu.stat'), 'usage_usec 29000000\nuser_usec 1\n')
    await sleep(700)
    expect(harness.supervisor.list()).toHaveLength(1)
    writeFileSync(join(group, 'cpu.stat'), 'usage_usec 30000001\nuser_usec 1\n')
    expect(await result).toMatchObject({
      state: 'Failed',
      error: 'used more CPU time than its limit of 30 s',
    })
  })

  it('are not made for a run without such limits, nor where there are none', () => {
    expect(groupOf('/base', '1', { ...NO_LIMITS, outputBytes: 5000 })).toBeNull()
    expect(groupOf(null, '1', { ...NO_LIMITS, memoryMb: 5 })).toBeNull()
  })
})

const found = await detectIsolation({
  platform: process.platform,
  isRoot: process.getuid?.() === 0,
  hostEnvironment: process.env,
  sandboxUser: null,
  nodeDirId: 'test',
})
const reason = found.features.find(({ feature }) => feature === 'cgroup')?.reason

describe.runIf(found.groups !== null)(`the kernel${reason ? ` (not here: ${reason})` : ''}`, () => {
  it('ends a run that uses too much memory as a whole, which its result says', async () => {
    const harness = createHarness({ groups: found.groups })
    onTestFinished(() => harness.close())
    const hungry = 'const kept = []; for (;;) kept.push(Buffer.alloc(1 << 20, 1))'
    const spec = harness.spec(harness.script('hungry.mjs', hungry), {
      limits: { ...NO_LIMITS, memoryMb: 128 },
    })
    const result = await harness.supervisor.run(spec)
    expect(result).toMatchObject({ state: 'Failed', error: 'used more memory than its limit of 128 MB' })
    expect(existsSync(join(found.groups ?? '', `run-${spec.historyId}`))).toBe(false)
  })
})
