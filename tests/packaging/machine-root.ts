import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

export const LINUX = join(import.meta.dirname, '..', '..', 'packaging', 'linux')

/**
 * Commands of a Debian machine that only note how they were called. `users/` holds the databases that have our user,
 * `answers/` what a command prints; one named in `failing/` fails.
 */
const STUB = `#!/bin/sh
name=$(basename "$0")
echo "$name $*" >>"$STUBS/calls"
[ ! -e "$STUBS/failing/$name" ] || exit 8
case "$name" in
  getent) [ -e "$STUBS/users/$1" ]; exit ;;
  userdel) rm -f "$STUBS/users/passwd" "$STUBS/users/group" ;;
  groupdel) rm -f "$STUBS/users/group" ;;
  dpkg-query) [ -e "$STUBS/answers/dpkg-query" ] || exit 1 ;;
esac
[ ! -e "$STUBS/answers/$name" ] || cat "$STUBS/answers/$name"
`
const COMMANDS = [
  ...['getent', 'useradd', 'groupadd', 'userdel', 'groupdel', 'chown', 'install', 'stat'],
  ...['systemctl', 'deb-systemd-helper', 'dpkg-query'],
]

export interface MachineRoot {
  write(file: string, text?: string): void
  has(file: string): boolean
  /** Runs a script of the package as dpkg does. @returns what it said; throws when it fails */
  run(script: 'postinst' | 'prerm' | 'postrm', ...args: string[]): string
  /** The commands that were called since the last time, without questions about users. */
  calls(): string[]
  /** How a command answers from now on. */
  answer(command: string, text: string): void
  fail(command: string): void
}

/** An empty machine with our user, for one of our packages; with a running service manager if so asked. */
export const createMachineRoot = ({ systemd = false, name = 'pswebhost-cluster' } = {}): MachineRoot => {
  const root = mkdtempSync(join(tmpdir(), 'pswebhost-root-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const stubs = join(root, 'stubs')
  const write = (file: string, text = '', mode = 0o644): void => {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text, { mode })
  }
  for (const command of COMMANDS) write(`stubs/bin/${command}`, STUB, 0o755)
  for (const database of ['passwd', 'group']) write(`stubs/users/${database}`)
  mkdirSync(join(root, 'run'))
  if (systemd) mkdirSync(join(root, 'run', 'systemd', 'system'), { recursive: true })
  return {
    write,
    has: (file) => existsSync(join(root, file)),
    run: (script, ...args) => {
      const env = {
        PATH: `${join(stubs, 'bin')}:/usr/bin:/bin`,
        STUBS: stubs,
        DPKG_ROOT: root,
        DPKG_MAINTSCRIPT_PACKAGE: name,
      }
      const { status, stderr } = spawnSync('sh', [join(LINUX, script), ...args], { env, encoding: 'utf8' })
      if (status !== 0) throw new Error(`${script} ${args.join(' ')} ended with ${status}: ${stderr}`)
      return stderr
    },
    calls: () => {
      const file = join(stubs, 'calls')
      if (!existsSync(file)) return []
      const lines = readFileSync(file, 'utf8').replaceAll(root, '').trimEnd().split('\n')
      rmSync(file)
      return lines.filter((line) => !/^(?:getent|dpkg-query) /.test(line))
    },
    answer: (command, text) => write(`stubs/answers/${command}`, text),
    fail: (command) => write(`stubs/failing/${command}`),
  }
}
