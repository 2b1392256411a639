import { existsSync } from 'node:fs'
import type { Environment } from './environment.ts'
import type { Command } from './limits.ts'

/** An account of this machine that runs scripts for the node. */
export interface Account {
  name: string
  uid: number
  gid: number
  home: string
}

/** What stands between a script and the rest of its machine, with the absolute path of the program that does it. */
export type Sandbox =
  | { kind: 'none' }
  | { kind: 'user'; setpriv: string; account: Account }
  | {
      kind: 'bubblewrap'
      bwrap: string
      /** Folders that scripts see empty: the node's data. */
      hidden: readonly string[]
      /** Files that scripts cannot open: what belongs to the node and lies elsewhere. */
      masked: readonly string[]
      /** Script roots, which are seen wherever they lie. */
      scriptRoots: readonly string[]
    }

export const NO_SANDBOX: Sandbox = { kind: 'none' }

/** What of one run must be there inside. */
export interface Needed {
  /** Writable. */
  workingDirectory: string
  /** Files that may lie in a hidden folder: the interpreter, our wrapper. */
  files: readonly string[]
}

/** The temporary folder is each run's own, gone with it; other programs' sockets and files there are not seen. */
const PRIVATE_FOLDERS = ['/tmp', '/var/tmp', '/dev/shm']

const isBelow = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder === '/' ? folder : `${folder}/`)

/**
 * Everything read-only, hidden folders empty, the working directory writable; the network as it is. A process
 * namespace of its own: the script neither sees nor signals the node, and its first process takes every other one along
 * when it ends. It ends with the supervisor, whatever ends that. bwrap itself sets no-new-privileges.
 */
const bubblewrap = (
  { bwrap, hidden, masked, scriptRoots }: Extract<Sandbox, { kind: 'bubblewrap' }>,
  { workingDirectory, files }: Needed,
): Command => {
  const empty = [...PRIVATE_FOLDERS, ...hidden]
  const isHidden = (path: string): boolean => empty.some((folder) => isBelow(path, folder))
  const readable = [...scriptRoots, ...files].filter(isHidden)
  // Where nothing is, nothing can be put in its place.
  const covered = masked.filter((path) => !isHidden(path) && existsSync(path))
  const args = [
    ...['--unshare-pid', '--unshare-ipc', '--die-with-parent', '--cap-drop', 'ALL'],
    ...['--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc'],
    ...empty.flatMap((folder) => ['--tmpfs', folder]),
    ...readable.flatMap((path) => ['--ro-bind-try', path, path]),
    ...['--bind', workingDirectory, workingDirectory],
    // A device on a mount that has none: it cannot be opened.
    ...covered.flatMap((path) => ['--ro-bind', '/dev/null', path]),
    ...['--chdir', workingDirectory],
  ]
  return { command: bwrap, args: [...args, '--'] }
}

/** Another account, none of the node's groups and capabilities, and no way back to more: sudo does not work there. */
const asAccount = ({ setpriv, account }: Extract<Sandbox, { kind: 'user' }>): Command => ({
  command: setpriv,
  args: [
    `--reuid=${account.uid}`,
    `--regid=${account.gid}`,
    '--clear-groups',
    '--inh-caps=-all',
    '--bounding-set=-all',
    '--no-new-privs',
    '--',
  ],
})

/** The same command inside the sandbox. Only paths and numbers are added to what others may read of it. */
export const inSandbox = (inner: Command, sandbox: Sandbox, needed: Needed): Command => {
  if (sandbox.kind === 'none') return inner
  const { command, args } = sandbox.kind === 'user' ? asAccount(sandbox) : bubblewrap(sandbox, needed)
  return { command, args: [...args, inner.command, ...inner.args] }
}

/** What an account expects to find of itself; the node's own home is not for it. */
export const sandboxEnvironment = (sandbox: Sandbox): Environment =>
  sandbox.kind === 'user'
    ? { HOME: sandbox.account.home, USER: sandbox.account.name, LOGNAME: sandbox.account.name }
    : {}

/**
 * Whether a run's first process is a guard that stays: it passes no signal on, and dies of one without letting
 * the script end politely.
 */
export const staysAround = (sandbox: Sandbox): boolean => sandbox.kind === 'bubblewrap'
