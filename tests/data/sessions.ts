import { sql, type RawBuilder } from 'kysely'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import type { DatabaseType } from '../../src/shared/domain/database.ts'

/** The sessions a server has for one of its databases, seen and ended from another one. */

interface SessionWords {
  of: (database: string) => RawBuilder<{ id: number }>
  kill: (id: number) => string
  pause: (seconds: number) => RawBuilder<unknown>
}

type ServerType = Exclude<DatabaseType, 'SQLite'>

const WORDS: Record<ServerType, SessionWords> = {
  PostgreSQL: {
    of: (database) => sql`select pid as id from pg_stat_activity where datname = ${database}`,
    kill: (id) => `select pg_terminate_backend(${id})`,
    pause: (seconds) => sql`select pg_sleep(${seconds})`,
  },
  MySQL: {
    of: (database) => sql`select id from information_schema.processlist where db = ${database}`,
    kill: (id) => `kill ${id}`,
    pause: (seconds) => sql`select sleep(${seconds}) + (select count(*) from information_schema.tables)`,
  },
  SqlServer: {
    of: (database) =>
      sql`select session_id as id from sys.dm_exec_sessions where database_id = db_id(${database})`,
    kill: (id) => `kill ${id}`,
    pause: (seconds) => sql`waitfor delay ${`00:00:0${seconds}`}`,
  },
}

const wordsOf = ({ type }: OpenDatabase): SessionWords => {
  if (type === 'SQLite') throw new Error('a file has no sessions')
  return WORDS[type]
}

/** @param watcher a database of the same server. */
export const sessionsOf = async (watcher: OpenDatabase, database: string): Promise<number[]> => {
  const { rows } = await wordsOf(watcher).of(database).execute(watcher.read)
  return rows.map(({ id }) => Number(id))
}

/** Ends all that there are; answers how many. */
export const killSessions = async (watcher: OpenDatabase, database: string): Promise<number> => {
  const ids = await sessionsOf(watcher, database)
  const plain = watcher.orm.em.fork().getKysely()
  for (const id of ids)
    // Who is gone already is no failure.
    await sql
      .raw(wordsOf(watcher).kill(id))
      .execute(plain)
      .catch(() => undefined)
  return ids.length
}

/** A statement that takes so long. */
export const pause = (db: OpenDatabase, seconds: number): RawBuilder<unknown> => wordsOf(db).pause(seconds)
