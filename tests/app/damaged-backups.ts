import { mkdir, open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { create, extract } from 'tar'
import { openSqlite } from '../../src/main/data/sqlite/open-sqlite.ts'

/** Backups that are archives of this program, with something wrong in the database. All answer the file's path. */

const NAMES = ['manifest.json', 'pswebhost.db']

const altered = async (dir: string, file: string, alter: (database: string) => Promise<void> | void) => {
  const folder = join(dir, 'altered')
  await mkdir(folder, { recursive: true })
  await extract({ file, cwd: folder })
  await alter(join(folder, 'pswebhost.db'))
  const target = join(dir, 'altered.tgz')
  await create({ file: target, cwd: folder, gzip: true }, NAMES)
  return target
}

/** Pages in its middle are overwritten. */
export const withDamagedDatabase = async (dir: string, whole: Buffer): Promise<string> => {
  const copy = join(dir, 'whole.tgz')
  await writeFile(copy, whole)
  return altered(dir, copy, async (database) => {
    const file = await open(database, 'r+')
    try {
      const { size } = await file.stat()
      await file.write(Buffer.alloc(16_384, 7), 0, 16_384, Math.floor(size / 2 / 4096) * 4096)
    } finally {
      await file.close()
    }
  })
}

/** Sound, but a start of a node on it fails: the node cannot be registered. */
export const withBrokenDatabase = (dir: string, file: string): Promise<string> =>
  altered(dir, file, (database) => {
    const db = openSqlite({ path: database })
    for (const event of ['insert', 'update'])
      db.exec(
        `create trigger "broken_${event}" before ${event} on "Nodes" begin select raise(abort, 'no space'); end`,
      )
    db.pragma('wal_checkpoint(truncate)')
    db.close()
  })
