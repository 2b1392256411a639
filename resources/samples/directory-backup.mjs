// Copies a folder into a dated one, with SHA-256 checksums that are verified against the copy.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { cp, lstat, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { atLeast, Problem, required, runTask, size } from './task.mjs'

const defaults = { source: '', target: '', keep: 7 }

const CHECKSUMS = 'SHA256SUMS'

const filesIn = async (folder, below = '') => {
  const found = []
  for (const entry of await readdir(path.join(folder, below), { withFileTypes: true })) {
    const name = path.join(below, entry.name)
    if (entry.isDirectory()) found.push(...(await filesIn(folder, name)))
    else if (entry.isFile()) found.push(name)
  }
  return found.sort()
}

const checksum = async (file) => {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk)
  return hash.digest('hex')
}

/** The lines of a `sha256sum -c` file, every copy compared with its source. */
const verify = async (source, copy) => {
  const lines = []
  let bytes = 0
  for (const name of await filesIn(copy)) {
    const sum = await checksum(path.join(copy, name))
    if (sum !== (await checksum(path.join(source, name))))
      throw new Problem(`${name} changed while it was copied, or the copy is damaged`)
    lines.push(`${sum}  ${name.split(path.sep).join('/')}`)
    bytes += (await stat(path.join(copy, name))).size
  }
  return { lines, bytes }
}

const removeOldest = async (target, prefix, keep) => {
  const pattern = /^\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}-\d{3}Z$/
  const backups = (await readdir(target)).filter(
    (name) => name.startsWith(prefix) && pattern.test(name.slice(prefix.length)),
  )
  const surplus = backups.sort().slice(0, Math.max(0, backups.length - keep))
  for (const name of surplus) await rm(path.join(target, name), { recursive: true })
  return surplus.length
}

const isInside = (inner, outer) => `${inner}${path.sep}`.startsWith(`${outer}${path.sep}`)

await runTask(defaults, async (parameters) => {
  const source = path.resolve(required(parameters, 'source'))
  const target = path.resolve(required(parameters, 'target'))
  const keep = Math.floor(atLeast(parameters, 'keep', 1))
  if (isInside(target, source))
    throw new Problem(`${target} lies inside ${source}: the backup would copy itself`)
  if (!(await stat(source)).isDirectory()) throw new Problem(`${source} is not a folder`)

  const prefix = `${path.basename(source)}-`
  const final = path.join(target, prefix + new Date().toISOString().replace(/[:.]/g, '-'))
  const partial = `${final}.partial`
  await mkdir(target, { recursive: true })
  try {
    // Links are left out: a copied one would point back into the source, or nowhere.
    const filter = async (file) => !(await lstat(file)).isSymbolicLink()
    await cp(source, partial, { recursive: true, preserveTimestamps: true, filter })
    const { lines, bytes } = await verify(source, partial)
    await writeFile(path.join(partial, CHECKSUMS), lines.map((line) => `${line}\n`).join(''))
    await rename(partial, final)
    const removed = await removeOldest(target, prefix, keep)
    return `Copied and verified ${lines.length} file(s), ${size(bytes)}, to ${final}; removed ${removed} old backup(s)`
  } finally {
    await rm(partial, { recursive: true, force: true })
  }
})
