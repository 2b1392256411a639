import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createClient } from '../../src/shared/client/create-client.ts'
import { createHttpLink } from '../../src/shared/client/http-link.ts'
import { isAlive, signal } from '../support/cluster/processes.ts'
import { eventually } from '../support/eventually.ts'
import { tempDir } from '../support/node.ts'

/** `npm run demo`, as a person uses it. */

const ROOT = join(import.meta.dirname, '..', '..')

const startDemo = (args: string[], env: Record<string, string> = {}) => {
  const child = spawn(process.execPath, [join(ROOT, 'scripts', 'demo.mjs'), ...args], {
    ...{ cwd: ROOT, env: { ...process.env, ...env } },
  })
  let out = ''
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
  onTestFinished(async () => {
    child.kill('SIGTERM')
    await ended
  })
  return { child, ended, out: () => out, said: () => said }
}

/** As the demo prints them. */
const nodesIn = (text: string) =>
  [...text.matchAll(/^ {2}(\w+) +pid (\d+) .* (http\S+)\/#token=(\S+)$/gm)].map(
    ([, name, pid, origin, token]) => ({
      name: name ?? '',
      pid: Number(pid),
      client: createClient(createHttpLink({ origin: origin ?? '', token: () => token ?? '' })),
    }),
  )

/** Command lines of the processes that work in the folder. */
const processesIn = (folder: string): string[] =>
  readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name) || !isAlive(Number(name))) return []
    try {
      const line = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ')
      return line.includes(folder) ? [line] : []
    } catch {
      return []
    }
  })

const startsAs = (name: string) => (line: string) => line.includes('--headless') && line.includes(`/${name}`)

describe.runIf(process.platform === 'linux')('the demo', () => {
  it(
    'shows three consoles, a takeover when a node is killed, and leaves nothing',
    { timeout: 240_000 },
    async () => {
      const demo = startDemo(['--fast'])
      await eventually(() => demo.out().includes('Ctrl-C ends'), 120_000)
      const nodes = nodesIn(demo.out())
      expect(nodes.map(({ name }) => name)).toEqual(['north', 'south', 'west'])
      const folder = /^Folder: (\S+)/m.exec(demo.out())?.[1] ?? ''
      expect(existsSync(folder)).toBe(true)

      const [first] = nodes
      const known = (await first?.client.nodes.list({ limit: 100 }))?.items ?? []
      expect(known).toHaveLength(3)
      const longRuns = async (of: (typeof nodes)[number] | undefined) =>
        (await of?.client.history.list({ search: 'Long job', limit: 100 }))?.items ?? []
      const run = await eventually(async () =>
        (await longRuns(first)).find(({ state }) => state === 'Running'),
      )
      const holder = nodes.find(
        ({ name }) => name === known.find(({ nodeId }) => nodeId === run.nodeId)?.nodeName,
      )
      const other = nodes.find((node) => node !== holder)
      signal(holder?.pid ?? 0, 'SIGKILL')
      const again = await eventually(
        async () =>
          (await longRuns(other)).find(({ state, attempt }) => state === 'Running' && attempt === 2),
        20_000,
      )
      expect(again.nodeId).not.toBe(run.nodeId)
      expect(demo.said()).toContain(`${holder?.name} has ended (SIGKILL)`)

      demo.child.kill('SIGINT')
      expect(await demo.ended).toBe(0)
      expect(nodes.filter(({ pid }) => isAlive(pid))).toEqual([])
      expect(existsSync(folder)).toBe(false)
    },
  )

  it.each([
    ['its first node does', (lines: string[]) => lines.some(startsAs('north'))],
    ['a node joins', (lines: string[]) => lines.some((line) => line.includes(' join '))],
    ['the others do', (lines: string[]) => ['south', 'west'].every((name) => lines.some(startsAs(name)))],
  ])('leaves nothing when it is ended while %s', { timeout: 180_000 }, async (_, isThen) => {
    const folder = await tempDir()
    // The account of the database server has to reach its own folder in it.
    await chmod(folder, 0o711)
    const demo = startDemo(['--fast'], { TMPDIR: folder })
    await eventually(() => isThen(processesIn(folder)), 120_000)
    demo.child.kill('SIGTERM')
    expect(await demo.ended).toBe(0)
    expect(demo.out()).toBe('')
    // The watcher of the database server ends itself a moment later.
    await eventually(() => processesIn(folder).length === 0, 3_000)
    expect(readdirSync(folder)).toEqual([])
  })

  it('names an option it does not know', async () => {
    const demo = startDemo(['--slow'])
    expect(await demo.ended).toBe(1)
    expect(demo.said()).toContain('npm run demo -- [--fast] [--keep]')
  })
})
