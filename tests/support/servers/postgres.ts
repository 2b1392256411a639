import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { postgresPrograms } from './postgres-programs.ts'
import { freePort, startPrivateServer, versionIn } from './private-server.ts'
import { runProgram } from './run-program.ts'
import type { ServerOptions, TestServer } from './server.ts'
import { copyForServer, inServerFolder, serverAccount, writeServerFile } from './server-folder.ts'

const USERNAME = 'administrator'

/**
 * Fast rather than durable: nothing has to outlive the machine. What was committed outlives `stop` all the
 * same, as it is with the operating system by then (so never synchronous_commit=off).
 */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '32MB',
  fsync: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  timezone: 'UTC',
}

const NEW_DATA = [
  `--username=${USERNAME}`,
  '--auth=scram-sha-256',
  // Letters of all languages have capitals, and no locale of the system has to be installed.
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--no-sync',
  '--no-instructions',
]

/** A PostgreSQL of the test's own; passwords are asked for by SCRAM. */
export const startPostgres = ({ tls }: ServerOptions = {}): Promise<TestServer> =>
  inServerFolder('postgres', async (folder) => {
    const programs = await postgresPrograms(folder)
    const account = serverAccount()
    const version = versionIn(await runProgram(programs.postgres, ['--version'], { account, cwd: folder }))
    const data = join(folder, 'data')
    const password = randomUUID()
    const passwordFile = join(folder, 'password')
    await writeServerFile(passwordFile, password)
    const port = await freePort()
    const settings = { ...SETTINGS, port: String(port), ...(tls ? await tlsSettings(tls, folder) : {}) }
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
        prepare: [programs.initdb, `--pgdata=${data}`, `--pwfile=${passwordFile}`, ...NEW_DATA],
        server: [
          programs.postgres,
          `-D${data}`,
          ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
        ],
        account,
        folder,
        // Its "immediate shutdown": as abrupt as a kill, but the shared memory is given back.
        endSignal: 'SIGQUIT',
      },
      readyText: 'ready to accept connections',
    })
  })

const tlsSettings = async ({ cert, key, ca }: NonNullable<ServerOptions['tls']>, folder: string) => ({
  ssl: 'on',
  ssl_cert_file: await copyForServer(cert, join(folder, 'certificate.pem')),
  ssl_key_file: await copyForServer(key, join(folder, 'key.pem')),
  ...(ca === undefined ? {} : { ssl_ca_file: await copyForServer(ca, join(folder, 'ca.pem')) }),
})
