import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { open, realpath, type FileHandle } from 'node:fs/promises'
import { isAbsolute, relative, resolve, sep } from 'node:path'
import { messageOf } from '../../shared/domain/errors.ts'

export type Refusal = 'missing' | 'outside' | 'not-a-file' | 'hash' | 'unreadable'

export type ScriptResolution =
  | { ok: true; path: string; root: string; hash: string; isExecutable: boolean }
  | { ok: false; refusal: Refusal; reason: string }

export interface ScriptRequest {
  /** Relative to a script root, or absolute inside one. */
  scriptPath: string
  scriptRoots: string[]
  /** Hex SHA-256 the content must have; null or absent: any. */
  scriptHash?: string | null
}

const refuse = (refusal: Refusal, reason: string): ScriptResolution => ({ ok: false, refusal, reason })

const realOrNull = (path: string): Promise<string | null> => realpath(path).catch(() => null)

/** Whether `path` lies below `root`, judged by the text of two absolute paths without `.`, `..` or links. */
export const isInside = (root: string, path: string): boolean => {
  const way = relative(root, path)
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

const rootsInWords = (roots: string[]): string =>
  roots.length === 0 ? 'no script root is configured' : `script roots: ${roots.join(', ')}`

/**
 * Where a task's script is on this node. The path is followed through every symlink and must end inside a root
 * that was followed the same way; content is hashed from the very file that was checked, so that a swap between
 * check and hash is seen. (A swap after this answer is not: whoever may write a script root may run scripts.)
 * A refusal carries the reason in words, naming the roots; nothing is thrown.
 */
export const resolveScript = async (request: ScriptRequest): Promise<ScriptResolution> => {
  const { scriptPath, scriptRoots } = request
  if (scriptPath.trim() === '' || scriptPath.includes('\0'))
    return refuse('missing', 'the script path is empty')
  let outside = false
  for (const root of scriptRoots) {
    const realRoot = await realOrNull(root)
    const path = await realOrNull(resolve(root, scriptPath))
    if (realRoot !== null && path !== null && isInside(realRoot, path))
      return readScript(path, realRoot, request)
    outside ||= path !== null || !isInside(resolve(root), resolve(root, scriptPath))
  }
  return outside
    ? refuse('outside', `script ${scriptPath} lies outside every script root (${rootsInWords(scriptRoots)})`)
    : refuse('missing', `script ${scriptPath} is not on this node (${rootsInWords(scriptRoots)})`)
}

const readScript = async (path: string, root: string, request: ScriptRequest): Promise<ScriptResolution> => {
  let file: FileHandle | undefined
  try {
    // NONBLOCK: opening a named pipe must not wait for its writer. NOFOLLOW: the path has been followed already.
    // Windows has neither, and adds nothing.
    file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0))
    const stat = await file.stat()
    if (!stat.isFile()) return refuse('not-a-file', `script ${request.scriptPath} is not a file`)
    const hash = await hashOf(file)
    if (request.scriptHash && request.scriptHash.toLowerCase() !== hash)
      return refuse(
        'hash',
        `script ${request.scriptPath} has changed: its SHA-256 is ${hash}, the task expects ${request.scriptHash}`,
      )
    return { ok: true, path, root, hash, isExecutable: (stat.mode & 0o111) !== 0 }
  } catch (error) {
    return refuse('unreadable', `script ${request.scriptPath} cannot be read: ${messageOf(error)}`)
  } finally {
    await file?.close()
  }
}

const hashOf = async (file: FileHandle): Promise<string> => {
  const hash = createHash('sha256')
  for await (const chunk of file.createReadStream({ autoClose: false })) hash.update(chunk as Buffer)
  return hash.digest('hex')
}
