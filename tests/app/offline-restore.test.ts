import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openOffline } from '../../src/main/app/offline.ts'
import { createSocketLink } from '../../src/main/cli/socket-link.ts'
import { controlPath } from '../../src/main/config/data-dir.ts'
import { readEnvironment } from '../../src/main/config/environment.ts'
import { createLocalClient } from '../../src/shared/client/create-client.ts'
import { startEngineNode, type EngineNode } from '../support/engine.ts'
import { admin } from '../support/node.ts'
import { sourceProgram } from '../support/program.ts'

const PASSPHRASE = 'correct horse battery'

/** A command on the folder of a node that does not run. */
const openCommand = async (dir: string) => {
  const offline = await openOffline({ dataDir: dir, environment: readEnvironment(), program: sourceProgram })
  const socket = createSocketLink(controlPath(dir))
  const close = async (): Promise<void> => {
    await socket.close()
    await offline.close()
  }
  onTestFinished(close)
  return { client: createLocalClient(socket.link), close }
}

const namesIn = async (node: EngineNode): Promise<string[]> =>
  (await node.services.tasks.list(admin, { limit: 100, sort: 'name' })).items.map((task) => task.taskName)

describe('a restore by a command while no node runs', () => {
  it('replaces nothing with a wrong passphrase, everything with the right one', async () => {
    const node = await startEngineNode()
    await node.task({ taskName: 'in the backup' })
    const file = join(node.dir, 'backup.tgz')
    await node.services.system.backup(admin, { file, passphrase: PASSPHRASE })
    await node.task({ taskName: 'newer' })
    await node.close()
    const before = await readFile(join(node.dir, 'pswebhost.db'))

    const { client, close } = await openCommand(node.dir)
    await expect(client.local.restore({ file, passphrase: 'wrong horse battery' })).rejects.toThrow(
      /the passphrase is wrong/,
    )
    expect(before.equals(await readFile(join(node.dir, 'pswebhost.db')))).toBe(true)
    expect(await client.local.restore({ file, passphrase: PASSPHRASE })).toEqual({ restoredFrom: file })
    await close()

    const after = await startEngineNode({ dir: node.dir })
    expect(await namesIn(after)).toEqual(['in the backup'])
  })
})
