import type { Readable } from 'node:stream'
import { createMasker } from './mask.ts'
import type { SpoolWriter } from './spool.ts'

const TAIL_BYTES = 4096

export interface RunOutput {
  /** Resolves when the stream has ended or was destroyed and all of it is in the spool. Never rejects. */
  take(stream: Readable, isStderr: boolean): Promise<void>
  /** A line of our own, on a line of its own. */
  note(text: string): Promise<void>
  stderrTail(): string
}

/**
 * Carries a script's output into its spool: masked, in the order of arrival, and no faster than the disk takes it,
 * so that a script that writes without end fills neither memory nor (see the spool) disk.
 */
export const createRunOutput = (deps: {
  writer: SpoolWriter
  maskValues: readonly string[]
  grown: () => void
}): RunOutput => {
  const { writer, maskValues, grown } = deps
  let tail: Buffer = Buffer.alloc(0)

  const keep = async (bytes: Buffer, isStderr: boolean): Promise<void> => {
    if (bytes.length === 0) return
    if (isStderr) tail = Buffer.concat([tail, bytes.subarray(-TAIL_BYTES)]).subarray(-TAIL_BYTES)
    await writer.write(bytes)
    grown()
  }

  return {
    take: async (stream, isStderr) => {
      const masker = createMasker(maskValues)
      try {
        for await (const chunk of stream) await keep(masker.push(chunk as Buffer), isStderr)
      } catch {
        // Destroyed while a process that escaped still held the pipe: what came is kept.
      }
      await keep(masker.end(), isStderr)
    },
    note: (text) => keep(Buffer.from(`\n[pswebhost: ${text}]\n`), false),
    stderrTail: () => tail.toString(),
  }
}
