import { createHash } from 'node:crypto'
import { chmodSync, chownSync, lstatSync, mkdirSync, realpathSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, posix, resolve, win32 } from 'node:path'
import { messageOf } from '../../shared/domain/errors.ts'
import { PRIVATE_FOLDER } from '../platform/write-file.ts'
import { ConfigError } from './config-error.ts'
import type { Variables } from './environment.ts'

/** Everything a node keeps on this machine, by its place. All absolute. */
export interface DataDir {
  root: string
  configFile: string
  nodeFile: string
  /** A socket's path, or a pipe's name on Windows. */
  control: string
  databaseFile: string
  adminToken: string
  /** This node's own credential, once it joined a cluster. */
  nodeToken: string
  secretKey: string
  /** The last seal of the change log that this node saw. */
  seal: string
  /** The certificate the node made for its API, and its key. */
  tlsCert: string
  tlsKey: string
  journal: string
  spool: string
  logs: string
  scripts: string
}

interface Host {
  platform: NodeJS.Platform
  home: string
}

const FOLDER = 'pswebhost-cluster'

/** Where data goes when `--data` does not say. */
export const defaultDataDir = (
  variables: Variables,
  host: Host = { platform: process.platform, home: homedir() },
): string => {
  if (host.platform === 'win32')
    return win32.join(variables['LOCALAPPDATA'] ?? win32.join(host.home, 'AppData', 'Local'), FOLDER)
  if (host.platform === 'darwin') return posix.join(host.home, 'Library', 'Application Support', FOLDER)
  const data = variables['XDG_DATA_HOME']
  // The XDG specification: a relative path there is to be ignored.
  return data?.startsWith('/') ? posix.join(data, FOLDER) : posix.join(host.home, '.local', 'share', FOLDER)
}

/** 108 bytes on Linux, 104 on macOS, NUL included; a margin for what a library may append. */
const MAX_SOCKET_BYTES = 100

const realPath = (path: string): string => {
  try {
    return realpathSync(path)
  } catch {
    // Not there yet: nothing to resolve.
    return resolve(path)
  }
}

/** Of the folder, not of this process: root's command line must find the socket of the service's user. */
const ownerOf = (path: string): number =>
  statSync(path, { throwIfNoEntry: false })?.uid ?? process.getuid?.() ?? 0

/**
 * Where a node with this folder listens for its command line: `DIR/control.sock`, or, where that is longer than
 * a socket's name may be, a name derived from the folder in a private folder below /tmp (never $TMPDIR, which
 * differs between a service and a shell). The same folder gives the same path, through links too.
 */
export const controlPath = (dir: string, platform: NodeJS.Platform = process.platform): string => {
  const real = realPath(dir)
  const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16)
  if (platform === 'win32') return `\\\\.\\pipe\\pswebhost-${digest(real.toLowerCase())}`
  const socket = join(real, 'control.sock')
  if (Buffer.byteLength(socket) <= MAX_SOCKET_BYTES) return socket
  return join(`/tmp/pswebhost-${ownerOf(real)}`, `${digest(real)}.sock`)
}

const cannot = (dir: string, error: unknown): ConfigError =>
  new ConfigError(
    [`--data has "${dir}"; it may be a folder this user can create and write (${messageOf(error)})`],
    error,
  )

/** A folder below /tmp may be someone's trap: it must be its owner's or root's, and closed to others. */
const openSocketFolder = (folder: string, owner: number): void => {
  mkdirSync(folder, { recursive: true, mode: PRIVATE_FOLDER })
  const { uid, mode } = lstatSync(folder)
  if (uid !== owner && uid !== 0) throw new Error(`${folder} belongs to another user (uid ${uid})`)
  if (uid !== owner && process.getuid?.() === 0) chownSync(folder, owner, -1)
  if ((mode & 0o077) !== 0) chmodSync(folder, PRIVATE_FOLDER)
}

/** The places below `dir`, nothing created. */
export const dataDirAt = (dir: string): DataDir => {
  const root = resolve(dir)
  return {
    root,
    configFile: join(root, 'app.yaml'),
    nodeFile: join(root, 'node.json'),
    control: controlPath(root),
    databaseFile: join(root, 'pswebhost.db'),
    adminToken: join(root, 'admin.token'),
    nodeToken: join(root, 'node.token'),
    secretKey: join(root, 'secret.key'),
    seal: join(root, 'seal.json'),
    tlsCert: join(root, 'tls.crt'),
    tlsKey: join(root, 'tls.key'),
    journal: join(root, 'journal'),
    spool: join(root, 'spool'),
    logs: join(root, 'logs'),
    scripts: join(root, 'scripts'),
  }
}

/**
 * Creates what is missing, 0700. A folder that exists keeps its rights: it is the administrator's.
 * @throws ConfigError when it cannot be created or written.
 */
export const openDataDir = (dir: string): DataDir => {
  const root = resolve(dir)
  try {
    mkdirSync(root, { recursive: true, mode: PRIVATE_FOLDER })
    const paths = dataDirAt(root)
    for (const folder of [paths.journal, paths.spool, paths.logs, paths.scripts])
      mkdirSync(folder, { recursive: true, mode: PRIVATE_FOLDER })
    const socketFolder = dirname(paths.control)
    if (process.platform !== 'win32' && socketFolder !== realPath(root))
      openSocketFolder(socketFolder, ownerOf(root))
    return paths
  } catch (error) {
    throw cannot(dir, error)
  }
}
