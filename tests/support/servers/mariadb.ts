import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { findMariadbInstaller, findMariadbServer } from '../../../scripts/setup/database-programs.mjs'
import { freePort, startPrivateServer, versionIn } from './private-server.ts'
import { runProgram } from './run-program.ts'
import { NotInstalled, type ServerOptions, type TestServer } from './server.ts'
import { copyForServer, inServerFolder, serverAccount, writeServerFile } from './server-folder.ts'

const USERNAME = 'administrator'

/** Fast rather than durable, but what was committed is with the operating system: `stop` loses nothing. */
const SETTINGS = [
  '--bind-address=127.0.0.1',
  '--skip-name-resolve',
  '--character-set-server=utf8mb4',
  '--max-connections=200',
  '--skip-log-bin',
  // Written at each commit, but not to the disk: with 0, a second of commits would be lost by `stop`.
  '--innodb-flush-log-at-trx-commit=2',
  '--innodb-flush-method=nosync',
  // Else each statement that makes a part of a schema waits for the disk. Loose: not every version has it.
  '--loose-debug-no-sync',
  '--skip-innodb-doublewrite',
  // Containers allow few asynchronous requests to the disk, or none.
  '--skip-innodb-use-native-aio',
  '--innodb-buffer-pool-size=64M',
  '--innodb-log-file-size=48M',
  '--aria-pagecache-buffer-size=8M',
  '--key-buffer-size=1M',
  '--default-time-zone=+00:00',
]

const NEW_DATA = [
  '--skip-test-db',
  // Its accounts are root and nobody then, whoever we are; the start file removes them.
  '--auth-root-authentication-method=normal',
  // Without looking for this machine's name in the network.
  '--force',
]

/** A MariaDB of the test's own, which Debian's packages or the person installed; rejects where it is missing. */
export const startMariadb = async ({ tls }: ServerOptions = {}): Promise<TestServer> => {
  const command = findMariadbServer()
  const installer = findMariadbInstaller()
  if (command === undefined) throw new NotInstalled('mariadbd is not installed')
  if (installer === undefined) throw new NotInstalled('mariadb-install-db is not installed')
  return inServerFolder('mariadb', async (folder) => {
    const account = serverAccount()
    const version = versionIn(
      await runProgram(command, ['--no-defaults', '--version'], { account, cwd: folder }),
    )
    const password = randomUUID()
    // The machine's own settings are for its own server. First, or it is refused.
    const base = ['--no-defaults', `--datadir=${join(folder, 'data')}`, `--tmpdir=${folder}`]
    const port = await freePort()
    const files = await ownFiles(folder, password)
    return startPrivateServer({
      address: {
        name: 'MariaDB',
        type: 'MySQL',
        version,
        host: '127.0.0.1',
        port,
        username: USERNAME,
        password,
      },
      program: {
        prepare: [installer, ...base, ...NEW_DATA],
        server: [
          command,
          ...base,
          ...SETTINGS,
          `--port=${port}`,
          ...files,
          ...(tls ? await tlsSettings(tls, folder) : []),
        ],
        account,
        folder,
        endSignal: 'SIGKILL',
      },
      readyText: 'ready for connections',
    })
  })
}

/** What would be in folders of the system. The start file is run at every start, a statement per line. */
const ownFiles = async (folder: string, password: string): Promise<string[]> => {
  const startFile = join(folder, 'start.sql')
  const administrator = `${USERNAME}@'127.0.0.1'`
  const statements = [
    // No way in without a password. Accounts that a test made stay.
    "DELETE FROM mysql.global_priv WHERE User IN ('', 'root')",
    'FLUSH PRIVILEGES',
    `CREATE USER IF NOT EXISTS ${administrator} IDENTIFIED BY '${password}'`,
    `GRANT ALL PRIVILEGES ON *.* TO ${administrator} WITH GRANT OPTION`,
  ]
  await writeServerFile(startFile, statements.map((statement) => `${statement};\n`).join(''))
  const path = (name: string): string => join(folder, name)
  return [`--init-file=${startFile}`, `--socket=${path('socket')}`, `--pid-file=${path('pid')}`]
}

const tlsSettings = async ({ cert, key, ca }: NonNullable<ServerOptions['tls']>, folder: string) => [
  `--ssl-cert=${await copyForServer(cert, join(folder, 'certificate.pem'))}`,
  `--ssl-key=${await copyForServer(key, join(folder, 'key.pem'))}`,
  ...(ca === undefined ? [] : [`--ssl-ca=${await copyForServer(ca, join(folder, 'ca.pem'))}`]),
]
