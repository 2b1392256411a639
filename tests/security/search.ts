import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { extract } from 'tar'
import { openSqlite } from '../../src/main/data/sqlite/open-sqlite.ts'

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

const placesInDatabase = async (path: string, texts: readonly string[]): Promise<string[]> => {
  const db = openSqlite({ path, readonly: true })
  try {
    const tables = db.prepare<[], string>("select name from sqlite_master where type = 'table'").pluck().all()
    const places = new Set<string>()
    for (const table of tables)
      for (const row of db.prepare<[], Record<string, unknown>>(`select * from "${table}"`).all())
        for (const [column, value] of Object.entries(row)) {
          const bytes = Buffer.isBuffer(value) ? value : Buffer.from(String(value))
          for (const place of await placesIn(`${table}.${column}`, bytes, texts)) places.add(place)
        }
    return [...places]
  } finally {
    db.close()
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
    if (isSqlite(bytes))
      found.push(...(await placesInDatabase(path, texts)).map((place) => `${name}: ${place}`))
  }
  return [...new Set(found)]
}
