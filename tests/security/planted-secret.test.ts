import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { outputOf, startEngineNode, type EngineNode } from '../support/engine.ts'
import { eventually } from '../support/eventually.ts'
import { admin } from '../support/node.ts'

/** Nothing that compression or chance would produce. */
const SECRET = 'planted-Zq7-secret-Xw9-value'
const GIVEN = 'planted-Rt5-given-Lm2-value'

/** Every file below `dir` that holds one of the texts, in bytes as they lie on the disk. */
const filesWith = async (dir: string, texts = [SECRET, GIVEN]): Promise<string[]> => {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  const found: string[] = []
  for (const entry of entries.filter((one) => one.isFile())) {
    const path = join(entry.parentPath, entry.name)
    const bytes = await readFile(path).catch(() => Buffer.alloc(0))
    if (texts.some((text) => bytes.includes(text))) found.push(path)
  }
  return found
}

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
  expect(await filesWith(node.dir)).toEqual([])
  // The search finds what does lie there in clear.
  expect(await filesWith(node.dir, ['leak.sh'])).toContainEqual(expect.stringContaining('pswebhost.db'))
  const said = await answers(node, taskId)
  expect(said).toContain(taskId)
  expect(said).not.toContain(SECRET)
  expect(said).not.toContain(GIVEN)
  expect(said).not.toContain('$sealed')
}

describe('a planted secret', () => {
  it('is in clear in no file and no answer, while a run that prints it goes on and afterwards', async () => {
    const node = await startEngineNode()
    await node.script(
      'leak.sh',
      'echo "it is $PSWEBHOST_PARAM_KEY and $MY_VARIABLE"; cat; echo; echo "$PSWEBHOST_PARAM_GIVEN" >&2\n' +
        'while [ ! -e go ]; do sleep 0.05; done; echo "$PSWEBHOST_PARAM_KEY"; exit 1\n',
    )
    const task = await node.task({
      scriptPath: 'leak.sh',
      parameters: { key: { secret: SECRET } },
      environment: { MY_VARIABLE: { secret: SECRET } },
    })
    const given = { given: { secret: GIVEN } }
    const { historyId } = await node.services.runs.start(admin, task.taskId, { parameters: given })
    await eventually(async () => (await node.output(historyId)).includes('it is'))
    await expectNowhere(node, task.taskId)
    await node.script('go', '')
    await node.ended(historyId)
    const text = Buffer.from(await outputOf(node, historyId)).toString()
    expect(text).toContain('it is')
    expect(text).not.toContain(SECRET)
    expect(text).not.toContain(GIVEN)

    await node.services.tasks.update(admin, task.taskId, { parameters: { key: { secret: `${SECRET}2` } } })
    const [edit] = (await node.services.changes.list(admin, { record: [task.taskId], limit: 1 })).items
    const revert = { force: false, transaction: false, dryRun: false }
    const undone = await node.services.changes.revert(admin, edit?.changeId ?? '', revert)
    expect(JSON.stringify(undone)).not.toContain(SECRET)
    await node.services.system.backup(admin, { file: join(node.dir, 'plain.backup') })
    await node.services.system.backup(admin, {
      file: join(node.dir, 'key.backup'),
      passphrase: 'a long enough passphrase',
    })
    await expectNowhere(node, task.taskId)
    await node.close()
    expect(await filesWith(node.dir)).toEqual([])
  })
})
