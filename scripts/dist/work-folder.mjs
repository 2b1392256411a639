import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Calls `work` with an empty folder, and removes it whatever happens. It lies below `out`, where what is made there is
 * moved to: the folder for temporary files may be on another file system, which nothing can be moved from.
 */
export async function withWorkFolder(out, work) {
  await mkdir(out, { recursive: true })
  // A name of its own: two may be made at once.
  const folder = await mkdtemp(join(out, '.work-'))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
