import { spawn } from 'node:child_process'
import { basename } from 'node:path'

/** Whom a program runs as: nothing for the user of this process. */
export interface Account {
  uid?: number
  gid?: number
}

export interface RunOptions {
  account?: Account
  cwd?: string
  /** Besides the little that every program gets. */
  env?: Record<string, string>
  input?: string
  /** It asks nobody but `input`: a program with a terminal would ask there. */
  withoutTerminal?: boolean
}

/**
 * Programs get nothing else of our environment: variables such as PGHOST and MYSQL_HOST would redirect them,
 * and their messages are read in English.
 */
export const programEnvironment = (): Record<string, string> => {
  const { PATH = '', SystemRoot } = process.env
  return { PATH, LANG: 'C', LC_ALL: 'C', ...(SystemRoot === undefined ? {} : { SystemRoot }) }
}

/** Runs a program to its end; answers what it wrote to stdout. Rejects with stderr when it failed. */
export const runProgram = (command: string, args: string[], options: RunOptions = {}): Promise<string> =>
  new Promise((resolve, reject) => {
    const { account = {}, cwd, env = {}, input = '', withoutTerminal = false } = options
    const child = spawn(command, args, {
      ...account,
      ...(cwd === undefined ? {} : { cwd }),
      env: { ...programEnvironment(), ...env },
      detached: withoutTerminal,
    })
    let out = ''
    let said = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
    child.once('error', reject)
    child.once('close', (code) => {
      if (code === 0) resolve(out)
      else reject(new Error(`${basename(command)} ended with code ${code}: ${said.trim() || out.trim()}`))
    })
    // A program that ends before it has read everything says why in its exit code.
    child.stdin.on('error', () => {})
    child.stdin.end(input)
  })
