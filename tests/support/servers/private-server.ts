import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'
import { commandLineClient } from './client.ts'
import type { ServerAddress, TestServer } from './server.ts'
import { removeFolder } from './server-folder.ts'
import { startWatched, type CommandLine, type Stop, type WatchedProgram } from './watched-program.ts'

/* The life of a test's own server. */

/**
 * A free port of 127.0.0.1, below those that systems hand out by themselves: while a server is stopped,
 * nobody gets its port by accident.
 */
export const freePort = async (): Promise<number> => {
  for (;;) {
    const port = randomInt(20_000, 30_000)
    if (await isFree(port)) return port
  }
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)))
  })

export interface PrivateServer {
  address: ServerAddress
  program: WatchedProgram & { prepare: CommandLine }
  /** What it says on stderr once connections are answered. */
  readyText: string
}

/** Makes the data of a server and starts it. Its folder is removed by `close`; by the caller, when this rejects. */
export const startPrivateServer = async (server: PrivateServer): Promise<TestServer> => {
  const { address, program, readyText } = server
  const { prepare: _, ...withData } = program
  let stopProgram: Stop | undefined = await startWatched(program, readyText)
  const start = async (): Promise<void> => {
    if (stopProgram) throw new Error(`${address.name} runs already`)
    stopProgram = await startWatched(withData, readyText)
  }
  const stop = async (): Promise<void> => {
    await stopProgram?.()
    stopProgram = undefined
  }
  return {
    ...address,
    client: commandLineClient(address),
    stop,
    start,
    close: async () => {
      await stop()
      await removeFolder(program.folder)
    },
  }
}

/** `18.4` of what a program answers to --version. */
export const versionIn = (answer: string): string => /\d+(\.\d+)+/.exec(answer)?.[0] ?? answer.trim()
