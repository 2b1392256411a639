import { createWriteStream } from 'node:fs'
import { mkdir, readdir, stat } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'

/**
 * The stand-in runtime as the packager wants one: a zip of the name that Electron's site has it under.
 * @returns {Promise<string>} the folder it lies in
 */
export async function zipRuntime({ executable, version }, folder) {
  const from = dirname(executable)
  const zip = new ZipFile()
  for (const entry of await readdir(from, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name)
    // Not the loader of an app elsewhere: an installed program has its own.
    if (!entry.isFile() || entry.name === 'default_app.asar') continue
    const { mode } = await stat(path)
    // Compressing it would only cost time: it is unpacked at once.
    zip.addFile(path, relative(from, path), { compress: false, mode })
  }
  zip.end()
  await mkdir(folder, { recursive: true })
  const file = join(folder, `electron-v${version}-${process.platform}-${process.arch}.zip`)
  await pipeline(zip.outputStream, createWriteStream(file))
  return folder
}
