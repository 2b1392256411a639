// Compresses logs that have grown large and starts them anew: app.log becomes app.log.1.gz, .2.gz and so on.
import { createReadStream, createWriteStream } from 'node:fs'
import { readdir, rename, rm, stat, truncate } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { atLeast, conclude, namePattern, required, runTask } from './task.mjs'

const defaults = { folder: '', pattern: '*.log', maxMb: 10, keep: 5 }

const MB = 1024 ** 2

const shift = async (file, keep) => {
  await rm(`${file}.${keep}.gz`, { force: true })
  for (let number = keep - 1; number >= 1; number -= 1)
    await rename(`${file}.${number}.gz`, `${file}.${number + 1}.gz`).catch((error) => {
      if (error.code !== 'ENOENT') throw error
    })
}

/**
 * Copied and emptied rather than renamed: the program that writes the log keeps it open. Lines written
 * between the two steps are lost; a program that can rotate its own log should do so itself.
 */
const rotate = async (file, keep) => {
  const partial = `${file}.partial`
  await pipeline(createReadStream(file), createGzip(), createWriteStream(partial))
  await shift(file, keep)
  await rename(partial, `${file}.1.gz`)
  await truncate(file)
}

await runTask(defaults, async (parameters) => {
  const folder = path.resolve(required(parameters, 'folder'))
  const keep = Math.floor(atLeast(parameters, 'keep', 1))
  const limit = atLeast(parameters, 'maxMb', 0) * MB
  const pattern = namePattern(parameters.pattern)
  const rotated = []
  const problems = []
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name)
    if (!entry.isFile() || !pattern.test(entry.name) || (await stat(file)).size <= limit) continue
    await rotate(file, keep).then(
      () => rotated.push(entry.name),
      (error) => problems.push(`${file}: ${error.message}`),
    )
  }
  const names = rotated.length > 0 ? `: ${rotated.join(', ')}` : ''
  return conclude(`Rotated ${rotated.length} log(s) in ${folder}${names}`, problems)
})
