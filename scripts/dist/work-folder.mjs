import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Calls `work` with an empty folder, and removes it whatever happens. It lies below `out`, where what is made there is
 * moved to: the folder for temporary files may be on another file system, which nothing can be moved from.
 */
export async function withWorkFolder(out, work) {
  // One name: what a run left that was killed goes with the next.
  const folder = join(out, '.work')
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
