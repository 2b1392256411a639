import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startNode, type RunningNode } from '../../src/main/app.ts'
import { readEnvironment } from '../../src/main/config/environment.ts'
import type { Caller } from '../../src/main/services/caller.ts'
import type { ClusterEvent } from '../../src/shared/domain/events.ts'
import { taskInputSchema, type Task, type TaskInputRaw } from '../../src/shared/domain/task.ts'
import { sourceProgram } from '../../tests/support/program.ts'

/** Who the benchmarks ask as. */
export const caller: Caller = {
  actor: 'local:bench',
  role: 'admin',
  trigger: 'API',
  reason: null,
  ifMatch: null,
}

export interface BenchNode extends RunningNode {
  /** Writes a script below the node's script root; answers its absolute path. */
  script(name: string, text: string): string
  createTask(input: TaskInputRaw): Promise<Task>
}

/** A whole node with its standard configuration, inside this process, on the folder `dir`. */
export const startBenchNode = async (dir: string): Promise<BenchNode> => {
  const node = await startNode({
    dataDir: dir,
    cliOverrides: { port: 0 },
    environment: readEnvironment(),
    program: sourceProgram,
    logLevel: 'error',
  })
  return {
    ...node,
    script: (name, text) => writeScript(dir, name, text),
    createTask: (input) => node.services.tasks.create(caller, taskInputSchema.parse(input)),
  }
}

export const writeScript = (dir: string, name: string, text: string): string => {
  const folder = join(dir, 'scripts')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

/** Hears the node's events until `close`; the benchmarks wait for the end of runs by them. */
export const listen = (
  node: RunningNode,
  heard: (event: ClusterEvent) => void,
): { close(): Promise<void> } => {
  const stop = new AbortController()
  const done = (async () => {
    for await (const event of node.services.events.subscribe(stop.signal)) heard(event)
  })()
  return {
    close: () => {
      stop.abort()
      return done
    },
  }
}
