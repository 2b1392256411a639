import { chmod, chown, copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Account } from './run-program.ts'

/* The folder of a test's own server, and whose it is. */

/** Database servers refuse to be root; 65534 is nobody, everywhere. */
const NOBODY = 65_534
export const serverAccount = (): Account => (process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {})

/** A private folder that belongs to the server's account. */
const createServerFolder = async (name: string): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), `pswebhost-${name}-`))
  await giveToServer(folder)
  return folder
}

/** Writes a file that only the server may read. */
export const writeServerFile = async (path: string, text: string): Promise<void> => {
  await writeFile(path, text, { mode: 0o600 })
  await giveToServer(path)
}

/** Copies a file for the server: a key that others may read, or that is not its own, is refused. */
export const copyForServer = async (from: string, to: string): Promise<string> => {
  await copyFile(from, to)
  await chmod(to, 0o600)
  await giveToServer(to)
  return to
}

const giveToServer = async (path: string): Promise<void> => {
  const { uid, gid } = serverAccount()
  if (uid !== undefined && gid !== undefined) await chown(path, uid, gid)
}

/** Runs what makes a server in a fresh folder; when that fails nothing is left of it. */
export const inServerFolder = async <T>(name: string, make: (folder: string) => Promise<T>): Promise<T> => {
  const folder = await createServerFolder(name)
  try {
    return await make(folder)
  } catch (error) {
    await removeFolder(folder)
    throw error
  }
}

export const removeFolder = (folder: string): Promise<void> =>
  rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
