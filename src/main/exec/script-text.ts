import { constants } from 'node:fs'
import { open } from 'node:fs/promises'

export interface ScriptText {
  bytes: number
  modifiedMs: number
  /** Null when it is no text. */
  text: string | null
  truncated: boolean
}

/** The beginning of a script that `resolveScript` found. A NUL byte tells a program from a text. */
export const readScriptText = async (path: string, mostBytes: number): Promise<ScriptText> => {
  const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0))
  try {
    const { size, mtimeMs } = await file.stat()
    const buffer = Buffer.alloc(Math.min(size, mostBytes))
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0)
    const part = buffer.subarray(0, bytesRead)
    return {
      bytes: size,
      modifiedMs: mtimeMs,
      text: part.includes(0) ? null : new TextDecoder().decode(part),
      truncated: size > bytesRead,
    }
  } finally {
    await file.close()
  }
}
