import { spawn } from 'node:child_process'
import { messageOf } from '../../shared/domain/errors.ts'
import type { Environment } from './environment.ts'

export interface ProbeResult {
  /** null when it did not start, was killed, or took too long; then `problem` says so. */
  code: number | null
  stdout: string
  stderr: string
  problem: string | null
}

export interface ProbeRequest {
  command: string
  args: string[]
  environment: Environment
  timeoutMs: number
}

const LONGEST_TEXT = 65_536
const DRAIN_MS = 500

/** Runs a short command without stdin and answers what it said. Killed after `timeoutMs`. Never rejects. */
export const probe = (request: ProbeRequest): Promise<ProbeResult> =>
  new Promise((resolve) => {
    const said = { stdout: '', stderr: '' }
    const end = (code: number | null, problem: string | null): void => resolve({ code, ...said, problem })
    try {
      const child = spawn(request.command, request.args, {
        env: request.environment,
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: request.timeoutMs,
        killSignal: 'SIGKILL',
        windowsHide: true,
      })
      for (const name of ['stdout', 'stderr'] as const)
        child[name].setEncoding('utf8').on('data', (text: string) => {
          if (said[name].length < LONGEST_TEXT) said[name] += text
        })
      child.once('error', (error) => end(null, error.message))
      child.once('exit', () => {
        // A grandchild may hold the pipes: it is not waited for.
        setTimeout(() => [child.stdout, child.stderr].forEach((stream) => stream.destroy()), DRAIN_MS).unref()
      })
      child.once('close', (code, signal) => {
        const late = child.killed ? `took longer than ${request.timeoutMs / 1000} s` : `ended by ${signal}`
        end(code, code === null ? late : null)
      })
    } catch (error) {
      end(null, messageOf(error))
    }
  })
