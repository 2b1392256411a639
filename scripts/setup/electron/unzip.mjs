import { createWriteStream, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { open } from 'yauzl'

/**
 * Unpacks the files of an archive that are wanted, with their permissions.
 * @param {string} archive
 * @param {string} target folder, made when missing
 * @param {(name: string) => string | undefined} place where below `target` an entry goes; undefined: left out
 */
export async function unzip(archive, target, place) {
  const zip = await promisify(open)(archive, { lazyEntries: true, autoClose: true })
  const openStream = promisify(zip.openReadStream.bind(zip))
  const write = async (entry, inside) => {
    const file = join(target, inside)
    mkdirSync(dirname(file), { recursive: true })
    const mode = (entry.externalFileAttributes >>> 16) & 0o777
    await pipeline(await openStream(entry), createWriteStream(file, { mode: mode || 0o644 }))
  }
  await new Promise((resolve, reject) => {
    zip.on('error', reject)
    zip.on('end', resolve)
    zip.on('entry', (entry) => {
      const inside = entry.fileName.endsWith('/') ? undefined : place(entry.fileName)
      const written = inside === undefined ? Promise.resolve() : write(entry, inside)
      written.then(() => zip.readEntry(), reject)
    })
    zip.readEntry()
  })
}
