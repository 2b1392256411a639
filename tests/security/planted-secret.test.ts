import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { create } from 'tar'
import { describe, expect, it } from 'vitest'
import { outputOf, startEngineNode, type EngineNode } from '../support/engine.ts'
import { eventually } from '../support/eventually.ts'
import { databaseIn, homes } from '../support/homes.ts'
import { admin, tempDir } from '../support/node.ts'
import { createDatabase } from '../../src/main/data/orm.ts'
import { allClusterKeys } from '../../src/main/data/repos/keys.ts'
import { openNodeKey } from '../../src/main/platform/secrets/node-key.ts'
import { parseJoinToken } from '../../src/main/services/join-tokens/text.ts'
import { openWraps } from '../../src/main/services/keys/wraps.ts'
import { databaseOptions, sqliteOptions } from '../support/databases.ts'
import type { ServerAddress } from '../support/servers/server.ts'
import { openSqlite } from '../../src/main/data/sqlite/open-sqlite.ts'
import { serverConfig } from '../support/servers/test-database.ts'
import { placesBelow, placesOnServer } from './search.ts'

/** Nothing that compression or chance would produce. */
const SECRET = 'planted-Zq7-secret-Xw9-value'
const GIVEN = 'planted-Rt5-given-Lm2-value'

/** Printed in clear: where the search finds this, it would have found the secrets. */
const CONTROL = 'control-Kp4-text-Vb8-value'

/** The texts of every answer that could hold it. */
const answers = async ({ services }: EngineNode, taskId: string): Promise<string> => {
  const page = { limit: 100 }
  const changes = await services.changes.list(admin, page)
  const runs = await services.runs.list(admin, page)
  return JSON.stringify([
    await services.tasks.get(admin, taskId),
    await services.tasks.list(admin, { ...page, sort: 'name' }),
    await services.tasks.scheduleRows(admin, taskId),
    await services.tasks.exportAll(admin),
    await services.tasks.validate(admin, { taskId }),
    runs,
    await Promise.all(runs.items.map((run) => services.runs.get(admin, run.historyId))),
    changes,
    await Promise.all(changes.items.map((change) => services.changes.get(admin, change.changeId))),
    services.runtime.jobs(),
    services.runtime.runspaces(),
    await services.system.info(admin),
    await services.system.doctor(admin, { fix: false }),
    await services.system.metrics(),
    await services.nodes.list(admin, page),
  ])
}

const expectNowhere = async (node: EngineNode, taskId: string): Promise<void> => {
  expect(await placesBelow(node.dir, [SECRET, GIVEN])).toEqual([])
  const said = await answers(node, taskId)
  expect(said).toContain(taskId)
  expect(said).not.toContain(SECRET)
  expect(said).not.toContain(GIVEN)
  expect(said).not.toContain('$sealed')
}

describe.each(homes())('$name: a planted secret', ({ server, config: configOf }) => {
  it('is in clear in no file and no answer, while a run that prints it goes on and afterwards', async () => {
    const config = await configOf()
    const node = await startEngineNode({ config })
    const inDatabase = (texts: string[]): Promise<string[]> =>
      server ? placesOnServer(serverConfig(server, databaseIn(config)), texts) : Promise.resolve([])
    await node.script(
      'leak.sh',
      `echo ${CONTROL}\n` +
        'echo "it is $PSWEBHOST_PARAM_KEY and $MY_VARIABLE"; cat; echo; echo "$PSWEBHOST_PARAM_GIVEN" >&2\n' +
        'while [ ! -e go ]; do sleep 0.05; done; echo "$PSWEBHOST_PARAM_KEY"; exit 1\n',
    )
    const task = await node.task({
      scriptPath: 'leak.sh',
      parameters: { key: { secret: SECRET }, open: CONTROL },
      environment: { MY_VARIABLE: { secret: SECRET } },
    })
    const heard: string[] = []
    const leave = new AbortController()
    const listening = (async () => {
      for await (const event of node.services.events.subscribe(leave.signal))
        heard.push(JSON.stringify(event))
    })()
    const given = { given: { secret: GIVEN } }
    const { historyId } = await node.services.runs.start(admin, task.taskId, { parameters: given })
    await eventually(async () => (await node.output(historyId)).includes('it is'))
    await expectNowhere(node, task.taskId)
    expect(await inDatabase([SECRET, GIVEN])).toEqual([])
    await node.script('go', '')
    const run = await node.ended(historyId)
    expect(run.error).toContain('••••')
    expect(run.error).not.toContain(GIVEN)
    const text = Buffer.from(await outputOf(node, historyId)).toString()
    expect(text).toContain('it is')
    expect(text).not.toContain(SECRET)
    expect(text).not.toContain(GIVEN)

    await node.services.tasks.update(admin, task.taskId, { parameters: { key: { secret: `${SECRET}2` } } })
    const [edit] = (await node.services.changes.list(admin, { record: [task.taskId], limit: 1 })).items
    const revert = { force: false, transaction: false, dryRun: false }
    const undone = await node.services.changes.revert(admin, edit?.changeId ?? '', revert)
    expect(JSON.stringify(undone)).not.toContain(SECRET)
    // Servers are backed up by their own tools.
    const backups = server ? [] : ['plain.backup', 'key.backup']
    for (const file of backups)
      await node.services.system.backup(admin, {
        file: join(node.dir, file),
        ...(file === 'key.backup' ? { passphrase: 'a long enough passphrase' } : {}),
      })
    leave.abort()
    await listening
    expect(heard.join()).toContain(historyId)
    expect(heard.join()).not.toMatch(new RegExp(`${SECRET}|${GIVEN}`))
    await expectNowhere(node, task.taskId)
    await node.close()
    expect(await placesBelow(node.dir, [SECRET, GIVEN])).toEqual([])
    expect(await inDatabase([SECRET, GIVEN])).toEqual([])
    const places = [...(await placesBelow(node.dir, [CONTROL])), ...(await inDatabase([CONTROL]))]
    const databases = server
      ? ['']
      : ['', ...backups.map((file) => `${file}: `)].map((at) => `${at}pswebhost.db: `)
    for (const database of databases)
      for (const column of ['Tasks.Parameters', 'Data_Change.NewData', 'Task_History.Output'])
        expect(places).toContain(`${database}${column}`)
  })
})

describe.each(homes())('$name: what lets nodes in', ({ server, config: configOf }) => {
  it('is in clear in no table, log or file but the node token in its own', async () => {
    const config = await configOf()
    const node = await startEngineNode({ config })
    const { services } = node
    const create = async (): Promise<string> =>
      (await services.joinTokens.create(admin, { expiresInMinutes: 5 })).token
    const [used, unused] = [await create(), await create()]
    await services.joinTokens.join(admin, used)
    const remote = { nodeId: 'remote', nodeName: 'remote', publicKey: null }
    const { nodeToken } = await services.nodes.register(admin, remote)
    const ownToken = (await readFile(join(node.dir, 'node.token'), 'utf8')).trim()
    const secrets = [used, unused].map((token) => parseJoinToken(token)?.secret ?? Buffer.alloc(0))
    const clusterKeys = await keysUnder(node.dir, config, server)
    expect(clusterKeys).not.toEqual([])
    const planted = [
      ...[used, unused, nodeToken ?? '', ownToken],
      ...[...secrets, ...clusterKeys].flatMap((bytes) =>
        (['base64', 'base64url', 'hex'] as const).map((encoding) => bytes.toString(encoding)),
      ),
    ]
    const search = async (): Promise<string[]> => [
      ...(await placesBelow(node.dir, planted)),
      ...(server ? await placesOnServer(serverConfig(server, databaseIn(config)), planted) : []),
    ]
    expect(await search()).toEqual(['node.token'])
    await node.close()
    expect(await search()).toEqual(['node.token'])
  })
})

/** The cluster keys as the node of a folder opens them. */
const keysUnder = async (dir: string, config: string, server: ServerAddress | null): Promise<Buffer[]> => {
  const nodeKey = await openNodeKey(join(dir, 'secret.key'))
  const options = server
    ? databaseOptions(serverConfig(server, databaseIn(config)))
    : sqliteOptions(join(dir, 'pswebhost.db'))
  const db = await createDatabase(options)
  try {
    return openWraps(nodeKey, await allClusterKeys(db.read)).map(({ key }) => key)
  } finally {
    await db.close()
  }
}

describe('what is searched for', () => {
  it('would be found in a file, in a gzip, and in a gzip in a table in an archive', async () => {
    const dir = await tempDir()
    await writeFile(join(dir, 'plain.txt'), `the ${SECRET}`)
    await writeFile(join(dir, 'old.log.gz'), gzipSync(`the ${SECRET}`))
    const db = openSqlite({ path: join(dir, 'inner.db') })
    db.exec('create table "T" ("Data" blob)')
    db.prepare('insert into "T" values (?)').run(gzipSync(`the ${SECRET}`))
    db.close()
    await create({ file: join(dir, 'all.tar.gz'), cwd: dir, gzip: true }, ['inner.db'])
    await rm(join(dir, 'inner.db'))
    expect((await placesBelow(dir, [SECRET])).sort()).toEqual([
      'all.tar.gz: inner.db: T.Data',
      'old.log.gz',
      'plain.txt',
    ])
    expect(await placesBelow(dir, [GIVEN])).toEqual([])
  })
})
