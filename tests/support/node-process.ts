import { spawn, type ChildProcess } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { tempDir } from './node.ts'
import { readyUrl } from './ready-url.ts'

const PROGRAM = join(import.meta.dirname, '..', '..', 'out', 'main', 'headless.js')

/** A node as users start it: the built program in a process of its own, on a data folder of its own. */
export interface NodeProcess {
  url: string
  dir: string
  adminToken: string
  process: ChildProcess
  /** Lines of stderr so far. */
  log(): string
  /** Ends it as a service manager would; resolves with the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

export interface NodeProcessOptions {
  dir?: string
  /** app.yaml; the program writes its own when left out. */
  config?: string
  args?: string[]
}

export const startNodeProcess = async (options: NodeProcessOptions = {}): Promise<NodeProcess> => {
  const dir = options.dir ?? (await tempDir())
  if (options.config !== undefined) await writeFile(join(dir, 'app.yaml'), options.config)
  const args = [PROGRAM, '--headless', '--data', dir, '--port', '0', ...(options.args ?? [])]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let log = ''
  child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()))
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const stop = (signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal)
    return exited
  }
  onTestFinished(async () => void (await stop('SIGKILL')))
  const url = await readyUrl(child, () => log)
  const adminToken = (await readFile(join(dir, 'admin.token'), 'utf8')).trim()
  return { url, dir, adminToken, process: child, log: () => log, stop }
}
