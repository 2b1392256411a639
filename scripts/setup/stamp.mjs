import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/*
 * A stamp says for which inputs a step was finished. It is removed before the step works and written when
 * all is done, by rename: an interrupted step leaves none and is repeated.
 */

/** What the stamp holds, or undefined when the step was never finished. */
export function readStamp(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw error
  }
}

export function writeStamp(file, text) {
  mkdirSync(dirname(file), { recursive: true })
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, text)
  renameSync(draft, file)
}

export const removeStamp = (file) => rmSync(file, { force: true })
