import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { extract } from 'tar'
import type { ServerConfig } from '../../src/main/data/dialects/dialect.ts'
import { createDatabase } from '../../src/main/data/orm.ts'
import { openSqlite } from '../../src/main/data/sqlite/open-sqlite.ts'
import { databaseOptions } from '../support/databases.ts'

/*
 * Finds texts wherever they may hide below a folder: in files as they are, in gzip, in the members of archives and
 * in every value of every table of a database, unzipped again where a value is gzip.
 */

const isGzip = (bytes: Buffer): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b
const isTar = (bytes: Buffer): boolean => bytes.toString('latin1', 257, 262) === 'ustar'
const isSqlite = (bytes: Buffer): boolean => bytes.toString('latin1', 0, 15) === 'SQLite format 3'

const inTemporaryFolder = async <T>(work: (dir: string) => Promise<T>): Promise<T> => {
  const dir = await mkdtemp(join(tmpdir(), 'pswebhost-search-'))
  try {
    return await work(dir)
  } finally {
    await rm(dir, { recursive: true })
  }
}

const placesInFile = async (path: string, texts: readonly string[]): Promise<string[]> => {
  const db = openSqlite({ path, readonly: true })
  try {
    const tables = db.prepare<[], string>("select name from sqlite_master where type = 'table'").pluck().all()
    const places = new Set<string>()
    for (const table of tables) {
      const rows = db.prepare<[], Row>(`select * from "${table}"`).all()
      for (const place of await placesInRows(table, rows, texts)) places.add(place)
    }
    return [...places]
  } finally {
    db.close()
  }
}

type Row = Record<string, unknown>

const placesInRows = async (table: string, rows: readonly Row[], texts: readonly string[]) => {
  const places = new Set<string>()
  for (const row of rows)
    for (const [column, value] of Object.entries(row))
      for (const place of await placesIn(`${table}.${column}`, bytesOf(value), texts)) places.add(place)
  return places
}

const bytesOf = (value: unknown): Buffer =>
  Buffer.isBuffer(value) ? value : Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))

/** The same in a database on a server: `Data_Change.NewData`. */
export const placesOnServer = async (config: ServerConfig, texts: readonly string[]): Promise<string[]> => {
  const db = await createDatabase(databaseOptions(config))
  try {
    // Names and values as the database has them.
    const plain = db.orm.em.fork().getKysely<Record<string, Row>>()
    const places = new Set<string>()
    for (const { name } of await plain.introspection.getTables()) {
      const rows = await plain.selectFrom(name).selectAll().execute()
      for (const place of await placesInRows(name, rows, texts)) places.add(place)
    }
    return [...places]
  } finally {
    await db.close()
  }
}

const placesIn = async (name: string, bytes: Buffer, texts: readonly string[]): Promise<string[]> => {
  const here = texts.some((text) => bytes.includes(text)) ? [name] : []
  if (isGzip(bytes)) return [...here, ...(await placesIn(name, gunzipSync(bytes), texts))]
  if (!isTar(bytes)) return here
  const inside = await inTemporaryFolder(async (dir) => {
    await writeFile(`${dir}.tar`, bytes)
    await extract({ file: `${dir}.tar`, cwd: dir })
    await rm(`${dir}.tar`)
    return placesBelow(dir, texts)
  })
  return [...here, ...inside.map((place) => `${name}: ${place}`)]
}

/** Every place below `dir` that holds one of the texts: `plain.backup: pswebhost.db: Data_Change.newData`. */
export const placesBelow = async (dir: string, texts: readonly string[]): Promise<string[]> => {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  const found: string[] = []
  for (const entry of entries.filter((one) => one.isFile())) {
    const path = join(entry.parentPath, entry.name)
    const name = path.slice(dir.length + 1)
    const bytes = await readFile(path).catch(() => Buffer.alloc(0))
    found.push(...(await placesIn(name, bytes, texts)))
    if (isSqlite(bytes)) found.push(...(await placesInFile(path, texts)).map((place) => `${name}: ${place}`))
  }
  return [...new Set(found)]
}
