import { isDeepStrictEqual } from 'node:util'
import { AppError, type Issue } from '../../shared/domain/errors.ts'
import type { Isolation } from '../../shared/domain/node.ts'
import type {
  Setting,
  SettingLock,
  Settings,
  SettingsInput,
  SettingValue,
} from '../../shared/domain/settings.ts'
import { defaultSettings, type SettingsFile, type SettingsSnapshot } from '../config/settings-file.ts'
import type { Log } from '../platform/log.ts'
import { requireRole, type Caller } from './caller.ts'
import type { Services } from './services.ts'

/** The node's own app.yaml: who may change what of it, and from when on it holds. */

export interface SettingsDeps {
  file: SettingsFile
  /** Script roots hold at once, for runs that start from now on. */
  setScriptRoots: (roots: readonly string[]) => void
  /** What this machine offers to keep scripts apart. */
  isolation: readonly Isolation[]
  log: Pick<Log, 'info'>
}

const SCRIPT_ROOTS = 'execution.scriptRoots'
const SANDBOX = 'execution.sandbox'

/** Keys of groups whose change would be code execution for whoever holds a token (DESIGN §10). */
const LOCAL = [SCRIPT_ROOTS, 'execution.interpreters.', SANDBOX, 'execution.sandboxUser', 'api.']
/** Read once, when the node registers for the first time; from then on the node's record holds. */
const REGISTERED = 'node.'

const startsWithAny = (key: string, prefixes: readonly string[]): boolean =>
  prefixes.some((prefix) => key === prefix || (prefix.endsWith('.') && key.startsWith(prefix)))

const lockOf = (key: string, isLocal: boolean): SettingLock | null => {
  if (key.startsWith('database.')) return 'database'
  if (key.startsWith(REGISTERED)) return 'registered'
  return !isLocal && startsWithAny(key, LOCAL) ? 'local' : null
}

const WHY: Record<SettingLock, string> = {
  local: 'changes only on the node itself: in app.yaml, or in the desktop window of its machine',
  database: 'changes in app.yaml, for the next start',
  registered: 'is a start value; change the node itself (PUT /nodes/{nodeId})',
  version: 'has no other value in this version',
}

interface Refusal {
  code: 'BAD_REQUEST' | 'FORBIDDEN'
  issue: Issue
}

/** With it the node would not start again. @throws AppError BAD_REQUEST */
const refuseSandbox = (value: SettingValue | undefined, isolation: readonly Isolation[]): void => {
  const missing = isolation.find(({ feature, available }) => feature === value && !available)
  if (!missing) return
  const message = `may not be ${missing.feature} on this machine: ${missing.reason}`
  throw new AppError('BAD_REQUEST', `${SANDBOX} ${message}.`, { issues: [{ path: [SANDBOX], message }] })
}

export const createSettings = (deps: SettingsDeps): Services['settings'] => {
  const { file } = deps
  const defaults = defaultSettings()
  const known = [...defaults.keys()]

  const settingOf = (key: string, now: SettingsSnapshot, isLocal: boolean): Setting => ({
    key,
    value: now.values.get(key) ?? null,
    default: defaults.get(key) ?? null,
    given: now.given.has(key),
    needsRestart:
      key !== SCRIPT_ROOTS && !isDeepStrictEqual(now.values.get(key), file.atStart.values.get(key)),
    lock: lockOf(key, isLocal),
  })
  const shown = (now: SettingsSnapshot, isLocal: boolean): Settings => ({
    file: file.file,
    version: now.version,
    settings: known.map((key) => settingOf(key, now, isLocal)),
  })

  /** @throws AppError BAD_REQUEST or FORBIDDEN naming every key that may not be written here. */
  const admit = (values: Readonly<Record<string, SettingValue>>, isLocal: boolean): void => {
    const refusals = Object.keys(values).flatMap((key): Refusal[] => {
      if (!defaults.has(key))
        return [{ code: 'BAD_REQUEST', issue: { path: [key], message: 'is not a key of app.yaml' } }]
      const lock = lockOf(key, isLocal)
      return lock ? [{ code: 'FORBIDDEN', issue: { path: [key], message: WHY[lock] } }] : []
    })
    const [first] = refusals
    if (!first) return
    const issues = refusals.map(({ issue }) => issue)
    const text = issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ')
    throw new AppError(first.code, `${text}.`, { issues })
  }

  const write = async (
    caller: Caller,
    { version, values }: SettingsInput,
    isLocal: boolean,
  ): Promise<Settings> => {
    requireRole(caller, 'admin')
    admit(values, isLocal)
    refuseSandbox(values[SANDBOX], deps.isolation)
    const now = await file.write(version, values)
    deps.log.info(`${caller.actor} changed ${Object.keys(values).join(', ')} in ${file.file}`)
    const roots = now.values.get(SCRIPT_ROOTS)
    if (SCRIPT_ROOTS in values && Array.isArray(roots)) deps.setScriptRoots(roots.map(String))
    return shown(now, isLocal)
  }

  return {
    get: async (_caller, { isLocal }) => shown(await file.read(), isLocal),
    update: (caller, input, { isLocal }) => write(caller, input, isLocal),
  }
}
