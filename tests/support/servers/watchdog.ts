import { spawn, type ChildProcess } from 'node:child_process'
import { rmSync } from 'node:fs'
import type { CommandLine, WatchedProgram } from './watched-program.ts'

/*
 * Runs one server for another process and ends it when told, or when that process is gone: its end of our
 * stdin closes then, even after kill -9. A process of its own, since the one that is killed cannot tidy up.
 * Being the parent of the server it can never end another process that got the same number.
 */

const { prepare, server, account, folder, endSignal } = JSON.parse(process.argv[2] ?? '') as WatchedProgram

let running: ChildProcess | undefined
let order = ''
let isOver = false

const end = (): void => {
  isOver = true
  running?.kill(endSignal)
}

const leave = (code: number): void => {
  if (isOver && order !== 'keep') rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
  process.exit(code)
}

/** Everything is said on stderr, where the other process reads. */
const run = ([command, ...args]: CommandLine): ChildProcess =>
  spawn(command, args, { ...account, cwd: folder, stdio: ['ignore', 2, 2] }).once('error', (error) => {
    process.stderr.write(`${error.message}\n`)
    leave(1)
  })

const startServer = (): void => {
  running = run(server).once('exit', () => leave(0))
}

process.stdin.on('data', (chunk: Buffer) => (order += chunk.toString()))
process.stdin.on('end', end)
process.stdin.on('error', end)

if (prepare) {
  // Let it finish in any case: it may have started programs of its own, which would write on.
  run(prepare).once('exit', (code) => (isOver || code !== 0 ? leave(code ?? 1) : startServer()))
} else startServer()
