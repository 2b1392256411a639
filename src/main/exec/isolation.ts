import { readFileSync } from 'node:fs'
import type { Isolation } from '../../shared/domain/node.ts'
import { openGroups, type Groups } from './cgroup.ts'
import { minimalEnvironment, type Environment } from './environment.ts'
import { onPath } from './interpreters.ts'
import { probe } from './probe.ts'
import { inSandbox, type Account, type Sandbox } from './sandbox.ts'

/** What this machine offers to keep scripts apart, tried out and not guessed. */

export interface IsolationDeps {
  platform: NodeJS.Platform
  isRoot: boolean
  hostEnvironment: Readonly<Record<string, string | undefined>>
  /** `execution.sandboxUser` */
  sandboxUser: string | null
  nodeDirId: string
}

export interface FoundIsolation {
  /** For the node's page. */
  features: Isolation[]
  /** Null where it is not to be had. */
  setpriv: string | null
  account: Account | null
  bwrap: string | null
  /** The control group in which those of runs are made. */
  groups: string | null
}

type Found<T> = { value: T; reason: null } | { value: null; reason: string }

const TRIAL_MS = 5000
const CGROUPS = '/sys/fs/cgroup'

const missing = <T>(reason: string): Found<T> => ({ value: null, reason })

/** Looks once, at start. The node itself may be in another control group afterwards. */
export const detectIsolation = async (deps: IsolationDeps): Promise<FoundIsolation> => {
  const environment = minimalEnvironment(deps.hostEnvironment, deps.platform)
  const [user, bwrap] = await Promise.all([findUser(deps, environment), findBubblewrap(deps, environment)])
  const groups = findGroups(deps)
  const feature = (name: Isolation['feature'], reason: string | null): Isolation => ({
    feature: name,
    available: reason === null,
    reason,
  })
  return {
    features: [
      feature('user', user.reason),
      feature('bubblewrap', bwrap.reason),
      feature('cgroup', groups.available ? null : groups.reason),
    ],
    setpriv: user.value?.setpriv ?? null,
    account: user.value?.account ?? null,
    bwrap: bwrap.value,
    groups: groups.available ? groups.base : null,
  }
}

const findGroups = ({ platform, isRoot, nodeDirId }: IsolationDeps): Groups => {
  try {
    const own = platform === 'linux' ? readFileSync('/proc/self/cgroup', 'utf8') : ''
    return openGroups({ platform, isRoot, nodeDirId, mount: CGROUPS, own, pid: process.pid })
  } catch (error) {
    return { available: false, reason: `control groups cannot be looked at (${String(error)})` }
  }
}

const NEEDS_LINUX = 'needs Linux'

type UserParts = { setpriv: string; account: Account | null }

const findUser = async (deps: IsolationDeps, environment: Environment): Promise<Found<UserParts>> => {
  if (deps.platform !== 'linux') return missing(NEEDS_LINUX)
  if (!deps.isRoot) return missing('the node must run as root to run scripts as another account')
  const setpriv = await onPath(['setpriv'], environment['PATH'] ?? '')
  if (setpriv === null) return missing('the program setpriv (package util-linux) is missing')
  const account = await accountNamed(deps.sandboxUser, environment)
  if (typeof account === 'string') return missing(account)
  const nobody = { name: 'nobody', uid: 65_534, gid: 65_534, home: '/' }
  const problem = await trial({ kind: 'user', setpriv, account: account ?? nobody }, environment)
  return problem === null ? { value: { setpriv, account }, reason: null } : missing(problem)
}

/** As the machine's own directory of accounts has it, wherever that is kept. */
const accountNamed = async (
  name: string | null,
  environment: Environment,
): Promise<Account | null | string> => {
  if (name === null) return null
  const { code, stdout } = await ask('getent', ['passwd', name], environment)
  const [found, , uid, gid, , home] = (code === 0 ? stdout : '').trim().split(':')
  if (found === undefined || found === '') return `there is no account ${name} on this machine`
  // Its own account would be no other; root least of all.
  if (Number(uid) === 0 || Number(uid) === process.getuid?.())
    return `${name} is the account of the node itself`
  return { name: found, uid: Number(uid), gid: Number(gid), home: home || '/' }
}

const findBubblewrap = async (
  { platform }: IsolationDeps,
  environment: Environment,
): Promise<Found<string>> => {
  if (platform !== 'linux') return missing(NEEDS_LINUX)
  const bwrap = await onPath(['bwrap'], environment['PATH'] ?? '')
  if (bwrap === null) return missing('the program bwrap (package bubblewrap) is missing')
  const problem = await trial(
    { kind: 'bubblewrap', bwrap, hidden: [], masked: [], scriptRoots: [] },
    environment,
  )
  return problem === null ? { value: bwrap, reason: null } : missing(problem)
}

/** Whether a command inside does run; else why not, in the program's own words. */
const trial = async (sandbox: Exclude<Sandbox, { kind: 'none' }>, environment: Environment) => {
  const { command, args } = inSandbox({ command: '/bin/sh', args: ['-c', ':'] }, sandbox, {
    workingDirectory: '/tmp',
    files: [],
  })
  const { code, stderr, problem } = await ask(command, args, environment)
  if (code === 0) return null
  return `it does not work here: ${problem ?? (stderr.trim().split('\n').at(-1) || `exit code ${code}`)}`
}

/** `-r`: read (of a folder: list), `-x`: execute (of a folder: enter). */
export type Right = readonly [path: string, right: '-r' | '-x']

/** Of these paths the ones on which the account of a sandbox lacks a right; none without an account. */
export const deniedPaths = async (
  rights: readonly Right[],
  sandbox: Sandbox,
  hostEnvironment: IsolationDeps['hostEnvironment'],
): Promise<string[]> => {
  if (sandbox.kind !== 'user') return []
  const environment = minimalEnvironment(hostEnvironment, 'linux')
  const answers = await Promise.all(
    rights.map(async ([path, right]) => {
      const test = { command: '/bin/sh', args: ['-c', 'test "$1" "$0"', path, right] }
      const { command, args } = inSandbox(test, sandbox, { workingDirectory: '/', files: [] })
      return { path, denied: (await ask(command, args, environment)).code !== 0 }
    }),
  )
  return [...new Set(answers.filter(({ denied }) => denied).map(({ path }) => path))]
}

const ask = (command: string, args: string[], environment: Environment) =>
  probe({ command, args, environment, timeoutMs: TRIAL_MS })
