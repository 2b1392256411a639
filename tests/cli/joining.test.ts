import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openOffline } from '../../src/main/app/offline.ts'
import { asStartError } from '../../src/main/app/start-error.ts'
import { createSocketLink } from '../../src/main/cli/socket-link.ts'
import type { Connection } from '../../src/main/cli/connect.ts'
import { controlPath } from '../../src/main/config/data-dir.ts'
import { readEnvironment } from '../../src/main/config/environment.ts'
import { createLocalClient } from '../../src/shared/client/create-client.ts'
import { parseCommandLine } from '../../src/main/cli/options.ts'
import { notOpened, pswebhost, type Setting } from '../support/command-line.ts'
import { startEngineNode } from '../support/engine.ts'
import { eventually } from '../support/eventually.ts'
import { homes } from '../support/homes.ts'
import { admin, QUICK, startTestNode, tempDir } from '../support/node.ts'
import { sourceProgram } from '../support/program.ts'

/** The command line on a data folder whose node does not run. */
const offline = (dir: string): Setting => ({
  open: async (): Promise<Connection> => {
    const opened = await openOffline({
      ...{ dataDir: dir, environment: readEnvironment(), program: sourceProgram },
    }).catch((error: unknown) => {
      throw asStartError(error)
    })
    const socket = createSocketLink(controlPath(dir))
    const close = async (): Promise<void> => {
      await socket.close()
      await opened.close()
    }
    return { client: createLocalClient(socket.link), close }
  },
  controlPath: controlPath(dir),
  workingDir: dir,
})
const running = (dir: string): Setting => ({ ...offline(dir), open: notOpened })

const newFolderWith = async (config: string): Promise<string> => {
  const dir = await tempDir()
  await writeFile(join(dir, 'app.yaml'), config, { mode: 0o600 })
  return dir
}

const tokenOf = async (setting: Setting): Promise<string> => {
  const { code, out, err } = await pswebhost('join-token create', setting)
  expect([code, err]).toEqual([0, ''])
  expect(out).toMatch(/^psj_\S+\n$/)
  return out.trim()
}

describe('joining on the command line', () => {
  it('knows how long a token may be good for, and that join needs one', () => {
    const parse = (line: string) => parseCommandLine(line.split(' '), { version: '1', print: () => {} })
    expect(parse('join-token create --expires 5')).toMatchObject({
      command: { name: 'join-token create', expiresInMinutes: 5 },
    })
    expect(() => parse('join-token create --expires 0')).toThrow(
      '--expires has "0"; it may be a number of minutes from 1 to 10080',
    )
    expect(() => parse('join')).toThrow('TOKEN is missing')
    expect(() => parse('join-token')).toThrow('join-token needs a command after it')
  })

  it('creates, lists and revokes join tokens, the node running or not', async () => {
    const node = await startTestNode()
    const asJson = await pswebhost('join-token create --expires 5 --json', running(node.dir))
    const created = JSON.parse(asJson.out) as Record<string, string>
    expect(created).toMatchObject({ usedAt: null, token: expect.stringMatching(/^psj_/) as string })
    expect((await pswebhost('join-token list', running(node.dir))).out).toMatch(
      new RegExp(`^ID +CREATED BY +STATE\n${created['joinTokenId']} +local:\\S+ +until \\S+\n$`),
    )
    await node.close()
    const revoked = await pswebhost(`join-token revoke ${created['joinTokenId']}`, offline(node.dir))
    expect(revoked).toMatchObject({ code: 0, out: `Revoked ${created['joinTokenId']}.\n` })
    expect((await pswebhost('join-token list', offline(node.dir))).out).toBe('There are no join tokens.\n')
    await tokenOf(offline(node.dir))
  })

  it('says that a SQLite database elsewhere cannot be joined, and what no token is', async () => {
    const node = await startTestNode()
    const dir = await newFolderWith(QUICK)
    const refused = await pswebhost(`join ${await tokenOf(running(node.dir))}`, offline(dir))
    expect(refused).toMatchObject({ code: 1, out: '' })
    expect(refused.err).toContain(`(SQLite, ${join(dir, 'pswebhost.db')})`)
    expect(refused.err).toContain('Name the server database of that cluster in app.yaml')
    const none = await pswebhost('join nonsense --json', offline(dir))
    expect(none.code).toBe(1)
    expect(JSON.parse(none.out)).toMatchObject({ error: { code: 'BAD_REQUEST' } })
  })
})

describe.each(homes().filter(({ server }) => server !== null))('$name: a newcomer', (home) => {
  it('joins before its first start, runs tasks with secrets, and is refused once it is retired', async () => {
    const config = await home.config()
    const first = await startEngineNode({ config })
    const dir = await newFolderWith(config)
    const joined = await pswebhost(`join ${await tokenOf(running(first.dir))}`, offline(dir))
    expect(joined).toMatchObject({ code: 0 })
    expect(joined.out).toContain('It holds the cluster key.')
    expect((await stat(join(dir, 'node.token'))).mode & 0o777).toBe(0o600)

    const second = await startEngineNode({ dir, config })
    const { nodeId } = await second.services.system.info(admin)
    expect(joined.out).toContain(nodeId)
    expect(await first.services.nodes.get(admin, nodeId)).toMatchObject({ holdsKey: true, state: 'Active' })
    const secret = { parameters: { password: { secret: 'hunter22' } }, scriptPath: 'ok.sh' }
    const { taskId } = await first.task({ ...secret, assignedNodeId: nodeId })
    expect(await first.ended(await first.start(taskId))).toMatchObject({ state: 'Success', nodeId })

    await first.services.nodes.retire({ ...admin, reason: 'test' }, nodeId)
    await expect(first.start(taskId)).rejects.toMatchObject({ code: 'CONFLICT' })
    await second.close()
    const refused: unknown = await startTestNode({ dir, config }).catch(asStartError)
    expect(refused).toMatchObject({
      exitCode: 3,
      message: expect.stringMatching(/was retired at \S+ by local:test \(test\)/) as string,
    })

    await pswebhost(`join ${await tokenOf(running(first.dir))}`, offline(dir))
    await startTestNode({ dir, config })
    expect(await first.ended(await first.start(taskId))).toMatchObject({ state: 'Success', nodeId })
  })

  it('joins while it runs, and claims what has secrets from then on, without a restart', async () => {
    const config = await home.config()
    const first = await startEngineNode({ config })
    const second = await startEngineNode({ config })
    const { nodeId } = await second.services.system.info(admin)
    const { taskId } = await first.task({
      parameters: { password: { secret: 'hunter22' } },
      assignedNodeId: nodeId,
    })
    expect(await first.services.nodes.get(admin, nodeId)).toMatchObject({ holdsKey: false })
    const { warnings } = await first.services.tasks.validate(admin, { taskId })
    expect(JSON.stringify(warnings)).toContain('has no cluster key')
    await expect(first.start(taskId)).rejects.toThrow('has no cluster key')
    const joined = await pswebhost(`join ${await tokenOf(running(first.dir))} --json`, running(second.dir))
    expect(JSON.parse(joined.out)).toMatchObject({ nodeId, holdsKey: true })
    expect(await first.ended(await first.start(taskId))).toMatchObject({ state: 'Success', nodeId })
  })

  it('that is retired while it runs finishes what runs there and claims nothing, within seconds', async () => {
    const config = await home.config()
    const first = await startEngineNode({ config })
    const second = await startEngineNode({ config })
    const { nodeId } = await second.services.system.info(admin)
    await second.services.joinTokens.join(admin, await tokenOf(running(first.dir)))
    await second.script('wait.sh', 'while [ ! -e go ]; do sleep 0.05; done; echo done\n')
    const { taskId } = await second.task({
      ...{ taskName: 'waits', scriptPath: 'wait.sh', assignedNodeId: nodeId },
    })
    const going = await second.start(taskId)
    await second.inState(going, 'Running')

    await first.services.nodes.retire(admin, nodeId)
    await eventually(
      async () => (await second.services.tasks.validate(admin, { taskId })).matchingNodes.length === 0,
    )
    await new Promise((resolve) => setTimeout(resolve, 3000))
    expect(await first.services.nodes.get(admin, nodeId)).toMatchObject({ state: 'Retired', running: 1 })
    await second.script('go', '')
    expect(await first.ended(going)).toMatchObject({ state: 'Success', nodeId })
    const free = await first.task({ taskName: 'free' })
    for (let index = 0; index < 5; index += 1)
      expect((await first.ended(await first.start(free.taskId))).nodeId).not.toBe(nodeId)
  })
})
