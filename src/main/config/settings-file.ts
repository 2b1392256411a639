import { createHash } from 'node:crypto'
import { realpath } from 'node:fs/promises'
import { AppError, type Issue } from '../../shared/domain/errors.ts'
import type { SettingValue } from '../../shared/domain/settings.ts'
import type { NodeKey } from '../platform/secrets/node-key.ts'
import { PRIVATE_FILE, writeFileAtomic } from '../platform/write-file.ts'
import { openDatabaseBlock, type DatabaseBlock } from './database-block.ts'
import { editYaml } from './edit-yaml.ts'
import type { Variables } from './environment.ts'
import { knownKeys, leafPaths } from './known-keys.ts'
import { check } from './load.ts'
import { createProblems } from './problems.ts'
import { configSchema } from './schema.ts'
import { parseYamlFile, readText, type YamlFile } from './yaml-file.ts'

/** What app.yaml says now, key by key, whatever the node was started with. */
export interface SettingsSnapshot {
  /** Of the file's text: another one means that somebody changed the file. */
  version: string
  /** By key (`retention.historyDays`): the value the file gives, defaults filled in. Secrets are left out. */
  values: ReadonlyMap<string, SettingValue>
  /** Keys that stand in the file, the others have their default. */
  given: ReadonlySet<string>
}

export interface SettingsFile {
  file: string
  /** As the node found it when it started. */
  atStart: SettingsSnapshot
  /** @throws AppError BAD_REQUEST naming each key that is wrong in the file. */
  read(): Promise<SettingsSnapshot>
  /**
   * Writes keys, everything else of the file as it was.
   * @throws AppError BAD_REQUEST naming each key, CONFLICT when the file is not of that version; nothing is written.
   */
  write(version: string, values: Readonly<Record<string, SettingValue>>): Promise<SettingsSnapshot>
  /** The database of the same file, which is changed as a whole or not at all. */
  database: DatabaseBlock
}

const SECRETS = new Set(['database.connection.password'])

/** Every key a person may look at. */
const settingKeys = (): string[] =>
  leafPaths(knownKeys())
    .map((path) => path.join('.'))
    .filter((key) => !SECRETS.has(key))

const versionOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16)

const valueAt = (tree: unknown, key: string): unknown =>
  key
    .split('.')
    .reduce<unknown>(
      (node, name) =>
        typeof node === 'object' && node !== null ? (node as Record<string, unknown>)[name] : undefined,
      tree,
    )

/** The schema's leaves are scalars and lists of scalars; a program that is not named is absent. */
const settingValue = (value: unknown): SettingValue => (value === undefined ? null : (value as SettingValue))

const refused = (issues: Issue[]): AppError =>
  new AppError('BAD_REQUEST', issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; '), {
    issues,
  })

export const openSettingsFile = async (options: {
  file: string
  /** The data folder. */
  root: string
  variables: Variables
  nodeKey: NodeKey
  insecure: boolean
}): Promise<SettingsFile> => {
  const { file, variables, nodeKey, insecure } = options
  const keys = settingKeys()
  const snapshot = (text: string): SettingsSnapshot => {
    const yaml = parseYamlFile(file, text)
    const problems = createProblems(yaml, {})
    const checked = check(yaml, { variables, nodeKey, overrides: {} }, insecure, problems)
    if (!checked) throw refused(problems.list())
    if (problems.list().length > 0) throw refused(problems.list())
    return {
      version: versionOf(text),
      values: new Map(keys.map((key) => [key, settingValue(valueAt(checked.values, key))])),
      given: new Set(keys.filter((key) => isGiven(yaml, key))),
    }
  }
  const read = async (): Promise<SettingsSnapshot> => snapshot(await readText(file))
  return {
    file,
    atStart: await read(),
    read,
    write: async (version, values) => {
      // Through a link the real file changes: replacing would put a file where the link was.
      const real = await realpath(file)
      const before = await readText(real)
      if (versionOf(before) !== version)
        throw new AppError('CONFLICT', `${file} was changed meanwhile; look at it again, then save.`)
      const after = Object.entries(values).reduce(
        (text, [key, value]) => editYaml(text, key.split('.'), value),
        before,
      )
      const changed = snapshot(after)
      if (after !== before) await writeFileAtomic(real, after, PRIVATE_FILE)
      return changed
    },
    database: await openDatabaseBlock({ ...options, versionOf }),
  }
}

const isGiven = (yaml: YamlFile, key: string): boolean => {
  const value = valueAt(yaml.values, key)
  return value !== undefined && value !== null
}

/** Of each key the value it has when the file does not name it. */
export const defaultSettings = (): ReadonlyMap<string, SettingValue> => {
  const values = configSchema.parse({})
  return new Map(settingKeys().map((key) => [key, settingValue(valueAt(values, key))]))
}
