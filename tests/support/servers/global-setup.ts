import { writeFile } from 'node:fs/promises'
import Sqlite from 'better-sqlite3'
import type { TestProject } from 'vitest/node'
import { GIVEN_SERVERS, givenServer } from './given-servers.ts'
import { startMariadb } from './mariadb.ts'
import { startPostgres } from './postgres.ts'
import { makeFileTemplate, makeTemplate } from './schema-template.ts'
import { NotInstalled, type ServerAddress, type TestServer } from './server.ts'

/* Before the first test: the servers that tests run on. After the last: their end. */

declare module 'vitest' {
  interface ProvidedContext {
    /** The servers that answer. What is missing here was named on stderr. */
    servers: ServerAddress[]
    /** The path of a SQLite database with the schema. */
    fileTemplate: string
  }
}

/** `failed`: the server is there, or was named, and does not answer. */
type Outcome<Server> =
  | { name: ServerAddress['name']; server: Server }
  | { name: ServerAddress['name']; reason: string; failed: boolean }

/** Starts what can be started, asks what is given, and tells the tests; answers how to end it. */
export default async function startServers(project: TestProject): Promise<() => Promise<void>> {
  const [own, given, file] = await Promise.all([startOwn(), askGiven(), makeFileTemplate()])
  const started = serversOf(own)
  project.provide('servers', [...started.map(addressOf), ...serversOf(given)])
  project.provide('fileTemplate', file.path)
  await report([...own, ...given])
  // The other tests go on; the run as a whole fails, or nobody would see that half of it is missing.
  if ([...own, ...given].some((outcome) => 'failed' in outcome && outcome.failed)) process.exitCode = 1
  return async () => void (await Promise.all([file.remove(), ...started.map((server) => server.close())]))
}

const startOwn = (): Promise<Outcome<TestServer>[]> =>
  Promise.all([
    attempt('PostgreSQL', () => withTemplate(() => onFreePort(startPostgres))),
    attempt('MariaDB', () => withTemplate(() => onFreePort(startMariadb))),
  ])

const TRIES = 3

/** Between the look for a free port and the server's own, somebody else may have taken it. */
const onFreePort = async (start: () => Promise<TestServer>, tries = TRIES): Promise<TestServer> => {
  try {
    return await start()
  } catch (error) {
    if (tries <= 1 || !/already in use/i.test(String(error))) throw error
    return onFreePort(start, tries - 1)
  }
}

const withTemplate = async (start: () => Promise<TestServer>): Promise<TestServer> => {
  const server = await start()
  try {
    return { ...server, template: await makeTemplate(server) }
  } catch (error) {
    // A schema that cannot be made is for the tests of it to tell; here it costs time only.
    process.stderr.write(
      `database: ${server.name}: each test makes its schema by itself (${String(error)})\n`,
    )
    return server
  }
}

const askGiven = (): Promise<Outcome<ServerAddress>[]> =>
  Promise.all(
    GIVEN_SERVERS.flatMap((given) => {
      const url = process.env[given.variable]
      return url ? [attempt(given.name, () => givenServer(given, url))] : []
    }),
  )

const attempt = async <Server>(
  name: ServerAddress['name'],
  start: () => Promise<Server>,
): Promise<Outcome<Server>> => {
  try {
    return { name, server: await start() }
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' ')
    const failed = !(error instanceof NotInstalled)
    process.stderr.write(`[test servers] ${name} ${failed ? 'FAILED to start' : 'is left out'}: ${reason}\n`)
    return { name, reason, failed }
  }
}

const serversOf = <Server>(outcomes: Outcome<Server>[]): Server[] =>
  outcomes.flatMap((outcome) => ('server' in outcome ? [outcome.server] : []))

/** Only the data: functions do not travel to the tests' processes. */
const addressOf = ({ template, ...server }: TestServer): ServerAddress => {
  const { name, type, version, host, port, username, password } = server
  return { ...{ name, type, version, host, port, username, password }, ...(template ? { template } : {}) }
}

/** For the end of `npm test` (scripts/test/databases.mjs): what tests ran on, and why not on the rest. */
const report = async (outcomes: Outcome<ServerAddress>[]): Promise<void> => {
  const file = process.env['PSWEBHOST_TEST_DATABASES']
  if (!file) return
  const rows = outcomes.map((outcome) =>
    'server' in outcome ? { name: outcome.name, version: outcome.server.version } : outcome,
  )
  await writeFile(file, JSON.stringify([{ name: 'SQLite', version: sqliteVersion() }, ...rows]))
}

const sqliteVersion = (): string => {
  const database = new Sqlite(':memory:')
  const version = database.prepare('select sqlite_version()').pluck().get()
  database.close()
  return String(version)
}
