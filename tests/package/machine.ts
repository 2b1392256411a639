import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

/* The machine that a package is installed on, asked as an administrator asks it. */

const execute = promisify(execFile)

/** Set by the script that starts these tests. */
const given = (name: string): string => process.env[name] ?? ''
export const DEB = given('PSWEBHOST_TEST_DEB')
export const ARCHIVE = given('PSWEBHOST_TEST_ARCHIVE')
export const PACKAGE = given('PSWEBHOST_TEST_PACKAGE')
export const VERSION = given('PSWEBHOST_TEST_VERSION')

export const DATA = '/var/lib/pswebhost-node'
export const PROGRAM = `/usr/lib/${PACKAGE}`

/** Runs a command to its end. @returns what it wrote on stdout; rejects with what it said when it fails */
export const sh = async (command: string, ...args: string[]): Promise<string> => {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const { stdout } = await execute(command, args, { env, maxBuffer: 64 * 1024 * 1024 })
  return stdout
}

export const apt = (...args: string[]): Promise<string> =>
  sh('apt-get', '-o', 'DPkg::Lock::Timeout=120', '-y', ...args)

export interface User {
  uid: number
  gid: number
}

export const userOf = async (name: string): Promise<User> => ({
  uid: Number(await sh('id', '-u', name)),
  gid: Number(await sh('id', '-g', name)),
})

/** Everything of ours where packages put things, whatever made it. */
export const traces = async (): Promise<string[]> => {
  const places = ['/usr', '/etc', '/var', '/opt', '/run']
  // dpkg's own records end with the package; logs of apt are the machine's diary.
  const found = await sh('find', ...places, '-xdev', '-iname', '*pswebhost*', '-not', '-path', `${DATA}/*`)
  return found.split('\n').filter((path) => path !== '')
}

/** The values of a unit file, by key; a key that is there twice has its last. */
export const unitOf = async (file: string): Promise<Record<string, string>> => {
  const lines = (await readFile(file, 'utf8')).split('\n')
  return Object.fromEntries(
    lines
      .map((line) => /^(\w+)=(.*)$/.exec(line))
      .filter((one) => one !== null)
      .map(([, key, value]) => [key, value]),
  ) as Record<string, string>
}
