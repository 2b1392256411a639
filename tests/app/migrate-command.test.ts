import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openOffline } from '../../src/main/app/offline.ts'
import { createSocketLink } from '../../src/main/cli/socket-link.ts'
import { controlPath } from '../../src/main/config/data-dir.ts'
import { readEnvironment } from '../../src/main/config/environment.ts'
import { steps } from '../../src/main/data/migrations/index.ts'
import { createLocalClient } from '../../src/shared/client/create-client.ts'
import { pswebhost } from '../support/command-line.ts'
import { serverDatabases } from '../support/databases.ts'
import { newFolder } from '../support/local-node.ts'
import { sourceProgram } from '../support/program.ts'
import { databaseYaml } from '../support/server-config.ts'

/** `pswebhost migrate` on the folder of a node that does not run. */
const migrate = async (dataDir: string) => {
  const open = async () => {
    const place = { dataDir, environment: readEnvironment(), program: sourceProgram }
    const offline = await openOffline({ ...place, migrate: true })
    const socket = createSocketLink(controlPath(dataDir))
    const close = async (): Promise<void> => {
      await socket.close()
      await offline.close()
    }
    return { client: createLocalClient(socket.link), close }
  }
  return pswebhost('migrate', { open, controlPath: controlPath(dataDir), workingDir: dataDir })
}

describe.each(serverDatabases())('$name: migrate by a command while no node runs', ({ server, place }) => {
  it('makes the tables of an empty database and then finds nothing to do', async () => {
    const dataDir = await newFolder()
    await writeFile(join(dataDir, 'app.yaml'), databaseYaml(server, (await place()).database))
    const first = await migrate(dataDir)
    expect(first).toMatchObject({ code: 0, err: '' })
    expect(first.out).toBe(
      [...steps.map(({ name }) => `applied  ${name}`), `The schema has version ${steps.length}.`, ''].join(
        '\n',
      ),
    )
    expect(await migrate(dataDir)).toEqual({
      code: 0,
      out: `Nothing to migrate: the schema has version ${steps.length}.\n`,
      err: '',
    })
  })
})
