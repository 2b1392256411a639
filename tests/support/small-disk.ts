import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A disk that is soon full: a file system in memory, for whoever may mount one. */
export interface SmallDisk {
  dir: string
  /** Takes all but so many bytes away. */
  fill(leftBytes?: number): void
  /** Gives it back. */
  room(): void
}

const mount = (dir: string, megabytes: number): unknown =>
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', dir], { stdio: 'ignore' })

const unmount = (dir: string): void => {
  // Whoever still has a file open there keeps it.
  execFileSync('umount', ['-l', dir], { stdio: 'ignore' })
  rmSync(dir, { recursive: true, force: true })
}

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'pswebhost-small-'))

/** Whether this process may mount. Containers often let nobody do so. */
export const hasSmallDisks = (): boolean => {
  if (process.platform !== 'linux') return false
  const dir = newFolder()
  try {
    mount(dir, 1)
    unmount(dir)
    return true
  } catch {
    rmSync(dir, { recursive: true, force: true })
    return false
  }
}

/** Goes with the test. */
export const smallDisk = (megabytes: number): SmallDisk => {
  const dir = newFolder()
  mount(dir, megabytes)
  onTestFinished(() => unmount(dir))
  const ballast = join(dir, 'ballast')
  return {
    dir,
    fill: (leftBytes = 0) => {
      const { bavail, bsize } = statfsSync(dir)
      writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - leftBytes)))
    },
    room: () => rmSync(ballast, { force: true }),
  }
}
