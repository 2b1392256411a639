import { FINAL_STATES, type RunState } from '../../src/shared/domain/run.ts'

export const isFinalState = (state: RunState): boolean => (FINAL_STATES as readonly string[]).includes(state)

/** Output of one run, kept in memory, that readers can follow. */
export interface OutputFeed {
  write(bytes: Uint8Array, end?: string): void
  read(options: {
    from: number
    follow: boolean
    signal?: AbortSignal
  }): AsyncGenerator<{ offset: number; bytes: Uint8Array; end?: string }>
  readers(): number
}

export const outputFeed = (): OutputFeed => {
  let all: Buffer = Buffer.alloc(0)
  let ended: string | undefined
  let open = 0
  const waiting = new Set<() => void>()
  const wakeAll = (): void => {
    for (const wake of waiting) wake()
  }
  const change = (signal?: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const done = (): void => {
        waiting.delete(done)
        signal?.removeEventListener('abort', done)
        resolve()
      }
      waiting.add(done)
      signal?.addEventListener('abort', done)
    })
  return {
    write: (bytes, end) => {
      all = Buffer.concat([all, bytes])
      ended = end
      wakeAll()
    },
    read: async function* ({ from, follow, signal }) {
      open++
      try {
        for (let at = from; !signal?.aborted;) {
          const bytes = all.subarray(at)
          if (ended !== undefined && follow) {
            yield { offset: at, bytes, end: ended }
            return
          }
          if (bytes.length > 0) yield { offset: at, bytes }
          at += bytes.length
          if (!follow) return
          if (ended === undefined) await change(signal)
        }
      } finally {
        open--
      }
    },
    readers: () => open,
  }
}
