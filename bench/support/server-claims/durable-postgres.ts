import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { postgresPrograms } from '../../../tests/support/servers/postgres-programs.ts'
import { freePort, startPrivateServer, versionIn } from '../../../tests/support/servers/private-server.ts'
import { runProgram } from '../../../tests/support/servers/run-program.ts'
import {
  inServerFolder,
  serverAccount,
  writeServerFile,
} from '../../../tests/support/servers/server-folder.ts'
import type { TestServer } from '../../../tests/support/servers/server.ts'

const USERNAME = 'administrator'

/** Only where it listens, and for how many: a commit costs what it costs elsewhere. */
const SETTINGS = { listen_addresses: '127.0.0.1', unix_socket_directories: '', max_connections: '200' }

const NEW_DATA = [
  `--username=${USERNAME}`,
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  '--locale=C',
  '--no-instructions',
]

/** A PostgreSQL of the bench's own, with the settings it comes with: that of the tests is fast, not durable. */
export const startDurablePostgres = (): Promise<TestServer> =>
  inServerFolder('bench-postgres', async (folder) => {
    const { initdb, postgres } = await postgresPrograms(folder)
    const account = serverAccount()
    const version = versionIn(await runProgram(postgres, ['--version'], { account, cwd: folder }))
    const [data, passwordFile] = [join(folder, 'data'), join(folder, 'password')]
    const password = randomUUID()
    await writeServerFile(passwordFile, password)
    const port = await freePort()
    const settings = Object.entries({ ...SETTINGS, port: String(port) })
    return startPrivateServer({
      address: {
        name: 'PostgreSQL',
        type: 'PostgreSQL',
        version,
        host: '127.0.0.1',
        port,
        username: USERNAME,
        password,
      },
      program: {
        prepare: [initdb, `--pgdata=${data}`, `--pwfile=${passwordFile}`, ...NEW_DATA],
        server: [postgres, `-D${data}`, ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
        account,
        folder,
        endSignal: 'SIGQUIT',
      },
      readyText: 'ready to accept connections',
    })
  })
