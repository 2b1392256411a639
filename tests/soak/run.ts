import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startMariadb } from '../support/servers/mariadb.ts'
import { startPostgres } from '../support/servers/postgres.ts'
import { soak, type Verdict } from '../support/soak/soak.ts'
import { tableOf } from '../support/soak/table.ts'

/* `node run.ts [--minutes N] [--seed N] [--database postgres|mariadb]`: a cluster under random faults. */

const SERVERS = { postgres: startPostgres, mariadb: startMariadb }
const USAGE = 'npm run soak -- [--minutes N] [--seed N] [--database postgres|mariadb]'

const optionsOf = (args: string[]) => {
  const { values } = parseArgs({
    args,
    options: {
      minutes: { type: 'string', default: '10' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      database: { type: 'string', default: 'postgres' },
    },
  })
  const [minutes, seed] = [Number(values.minutes), Number(values.seed)]
  if (!(minutes > 0) || !Number.isSafeInteger(seed) || !(values.database in SERVERS)) throw new Error(USAGE)
  return { minutes, seed, database: values.database as keyof typeof SERVERS }
}

/** What is needed to find out why: beside the seed. */
const keep = async (verdict: Verdict, seed: number): Promise<string> => {
  const folder = join(tmpdir(), `pswebhost-soak-${seed}-${process.pid}`)
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'facts.json'), JSON.stringify(verdict.facts, null, 1))
  for (const [node, log] of Object.entries(verdict.logs)) await writeFile(join(folder, `${node}.log`), log)
  return folder
}

const say = (line: string): void => void process.stderr.write(`${line}\n`)

const print = (line: string): void => void process.stdout.write(`${line}\n`)

const main = async (): Promise<number> => {
  const { minutes, seed, database } = optionsOf(process.argv.slice(2))
  print(`soak: ${database}, ${minutes} minutes, --seed ${seed}`)
  const server = await SERVERS[database]()
  try {
    const verdict = await soak({ server, database: server, seed, lengthMs: minutes * 60_000, say })
    for (const { text } of verdict.exceptions) print(`excepted: ${text}`)
    for (const problem of verdict.problems) print(`problem: ${problem}`)
    print(tableOf(verdict).join('\n'))
    if (verdict.problems.length > 0) print(`history, script logs and node logs: ${await keep(verdict, seed)}`)
    print(verdict.problems.length === 0 ? 'clean' : `not clean; again with --seed ${seed}`)
    return verdict.problems.length === 0 ? 0 : 1
  } finally {
    await server.close()
  }
}

process.exitCode = await main().catch((error: unknown) => {
  say(error instanceof Error ? (error.stack ?? error.message) : String(error))
  return 2
})
