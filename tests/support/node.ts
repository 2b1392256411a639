import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { startNode, type RunningNode } from '../../src/main/app.ts'
import { readEnvironment } from '../../src/main/config/environment.ts'
import type { Clock } from '../../src/main/platform/clock.ts'
import type { Caller } from '../../src/main/services/caller.ts'
import { sourceProgram } from './program.ts'

/** A whole node inside the test's process, on a data folder of its own; closed and removed with the test. */
export interface TestNode extends RunningNode {
  dir: string
  adminToken: string
  /** Puts a script below the node's script root; answers its path as a task names it. */
  script(name: string, text: string): Promise<string>
}

export interface TestNodeOptions {
  dir?: string
  clock?: Clock
  /** app.yaml; a fast heartbeat and a short grace when left out. */
  config?: string
  /** As the desktop starts it. */
  isDesktop?: boolean
  /** Where clean-up is registered: the end of the test when left out. */
  onEnd?: (cleanUp: () => Promise<void>) => void
}

export const admin: Caller = {
  actor: 'local:test',
  role: 'admin',
  trigger: 'API',
  reason: null,
  ifMatch: null,
}

/** Settings under which tests need not wait. */
export const QUICK = `cluster:
  heartbeatSeconds: 1
  leaseSeconds: 3
  pollSeconds: 1
  timeZone: UTC
execution:
  shutdownGraceSeconds: 1
`

export const tempDir = async (onEnd: TestNodeOptions['onEnd'] = onTestFinished): Promise<string> => {
  const dir = await mkdtemp(join(tmpdir(), 'pswebhost-test-'))
  onEnd(() => rm(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }))
  return dir
}

export const startTestNode = async (options: TestNodeOptions = {}): Promise<TestNode> => {
  const { onEnd = onTestFinished } = options
  const dir = options.dir ?? (await tempDir(onEnd))
  await writeFile(join(dir, 'app.yaml'), options.config ?? QUICK, { mode: 0o600 })
  const node = await startNode({
    dataDir: dir,
    cliOverrides: { port: 0 },
    environment: readEnvironment(),
    program: sourceProgram,
    logLevel: 'error',
    ...(options.isDesktop ? { desktop: { list: () => [], change: () => undefined } } : {}),
    ...(options.clock ? { clock: options.clock } : {}),
  })
  onEnd(() => node.close())
  return {
    ...node,
    dir,
    adminToken: (await readFile(join(dir, 'admin.token'), 'utf8')).trim(),
    script: async (name, text) => {
      await writeFile(join(dir, 'scripts', name), text)
      return name
    },
  }
}
