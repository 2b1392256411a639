import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createClient } from '../../src/shared/client/create-client.ts'
import { createHttpLink } from '../../src/shared/client/http-link.ts'
import { isAlive, signal } from '../support/cluster/processes.ts'
import { eventually } from '../support/eventually.ts'

/** `npm run demo`, as a person uses it. */

const ROOT = join(import.meta.dirname, '..', '..')

const startDemo = (args: string[]) => {
  const child = spawn(process.execPath, [join(ROOT, 'scripts', 'demo.mjs'), ...args], { cwd: ROOT })
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

describe.runIf(process.platform === 'linux')('the demo', () => {
  it(
    'shows three consoles, a takeover when a node is killed, and leaves nothing',
    { timeout: 120_000 },
    async () => {
      const demo = startDemo(['--fast'])
      await eventually(() => demo.out().includes('Ctrl-C ends'), 60_000)
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

  it('names an option it does not know', async () => {
    const demo = startDemo(['--slow'])
    expect(await demo.ended).toBe(1)
    expect(demo.said()).toContain('npm run demo -- [--fast] [--keep]')
  })
})
