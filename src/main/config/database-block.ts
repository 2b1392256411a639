import { realpath, stat } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import { isFile } from '../../shared/domain/database.ts'
import { isSameServer, type DatabaseTarget } from '../../shared/domain/database-target.ts'
import { AppError, type Issue } from '../../shared/domain/errors.ts'
import type { NodeKey } from '../platform/secrets/node-key.ts'
import { PRIVATE_FILE, writeFileAtomic } from '../platform/write-file.ts'
import { editYaml, type YamlValue } from './edit-yaml.ts'
import { encryptValue, openEncrypted } from './encrypted-values.ts'
import type { Variables } from './environment.ts'
import { ConfigError } from './config-error.ts'
import { check, withAbsolutePaths } from './load.ts'
import { createProblems } from './problems.ts'
import { databaseRules } from './rules.ts'
import { configSchema, type ConfigValues } from './schema.ts'
import { parseYamlFile, readText } from './yaml-file.ts'

/** A database as app.yaml names it, with every default and the password in clear: nothing that leaves the node. */
export type DatabaseSection = ConfigValues['database']

export interface DatabaseInFile {
  /** Of the file's text: another one means that somebody changed the file. */
  version: string
  section: DatabaseSection
}

/** The `database` group of app.yaml: read, and replaced as a whole. */
export interface DatabaseBlock {
  file: string
  /** The copy that `replace` makes. */
  before: string
  /** As the node found it when it started. */
  atStart: DatabaseSection
  /** @throws AppError BAD_REQUEST naming what is wrong with the file. */
  read(): Promise<DatabaseInFile>
  /**
   * A target by the rules of the file; what it leaves out is as in the file.
   * @throws AppError BAD_REQUEST naming each field.
   */
  sectionOf(target: DatabaseTarget, now: DatabaseSection): DatabaseSection
  /** Paths are meant from the data folder. */
  withAbsolutePaths(section: DatabaseSection): DatabaseSection
  /** There is a copy of the file as it was before the last `replace`. */
  hasBefore(): Promise<boolean>
  /**
   * Names another database in the file, everything else of it as it was; a new password is encrypted at once.
   * @throws AppError CONFLICT when the file is not of that version; nothing is written.
   */
  replace(version: string, section: DatabaseSection): Promise<void>
}

export interface DatabaseBlockOptions {
  file: string
  /** The data folder. */
  root: string
  variables: Variables
  nodeKey: NodeKey
  insecure: boolean
  versionOf: (text: string) => string
}

const SERVER_KEYS = [
  'server',
  'port',
  'database',
  'username',
  'password',
  'ssl',
  'integratedSecurity',
] as const
const TLS_KEYS = ['ca', 'cert', 'key'] as const
const OPTION_KEYS = ['timeout', 'poolSize'] as const

/** What a database of that type goes by, key by key, in the order of the file. */
const entriesOf = ({ type, connection, options }: DatabaseSection): [path: string[], value: YamlValue][] => {
  const place: [string[], YamlValue][] = isFile(type)
    ? [[['connection', 'path'], connection.path]]
    : [
        ...SERVER_KEYS.map((key): [string[], YamlValue] => [['connection', key], connection[key]]),
        ...TLS_KEYS.map((key): [string[], YamlValue] => [['connection', 'tls', key], connection.tls[key]]),
      ]
  return [
    [['type'], type],
    ...place,
    ...OPTION_KEYS.map((key): [string[], YamlValue] => [['options', key], options[key]]),
  ]
}

/** Whether two sections are one database, used in the same way; what their type ignores does not count. */
export const isSameSection = (a: DatabaseSection, b: DatabaseSection): boolean =>
  isDeepStrictEqual(
    [entriesOf(a), a.options.enableChangeTracking, a.options.compressionLevel],
    [entriesOf(b), b.options.enableChangeTracking, b.options.compressionLevel],
  )

/** Those of the file come before `${…}` is replaced: a text that holds it must not be replaced again. */
const written = (value: YamlValue): YamlValue =>
  typeof value === 'string' ? value.replaceAll('${', () => '$${') : value

const wrongTarget = (issues: Issue[]): AppError =>
  new AppError('BAD_REQUEST', issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; '), {
    issues,
  })

const issue = (path: readonly PropertyKey[], mayBe: string): Issue => ({
  path: ['target', ...path.slice(1).map((part) => (typeof part === 'number' ? part : String(part)))],
  message: `must be ${mayBe}`,
})

const KEPT = ['target', 'connection', 'password']

/** A password goes only where it was meant to go: to the same account of the same server. */
const passwordOf = (
  { type, connection }: DatabaseTarget,
  now: DatabaseSection,
  nodeKey: NodeKey,
): string | null => {
  const { password } = connection
  if (password === null) return null
  if (typeof password === 'string') {
    const problems: Issue[] = []
    const { values } = openEncrypted({ password }, nodeKey, (_, message) =>
      problems.push({ path: KEPT, message }),
    )
    if (problems.length > 0) throw wrongTarget(problems)
    return String(values['password'])
  }
  const kept = now.connection
  const isSame =
    isSameServer({ ...kept, type: now.type }, { ...connection, type }) &&
    kept.username === connection.username
  if (isSame && kept.password !== null) return kept.password
  const message = isSame
    ? 'is not in the file; write the password itself'
    : 'is kept only for the type, server, port and account of the file; write the password itself'
  throw wrongTarget([{ path: KEPT, message }])
}

const withoutNull = (group: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(group).filter(([, value]) => value !== null && value !== undefined))

const sectionOf = (target: DatabaseTarget, now: DatabaseSection, nodeKey: NodeKey): DatabaseSection => {
  const { path, tls, ...server } = target.connection
  const connection = isFile(target.type)
    ? withoutNull({ path })
    : { ...withoutNull({ ...server, password: passwordOf(target, now, nodeKey) }), tls: withoutNull(tls) }
  const options = { ...now.options, ...withoutNull(target.options) }
  const parsed = configSchema.safeParse({ database: { type: target.type, connection, options } })
  if (!parsed.success)
    throw wrongTarget(parsed.error.issues.map(({ path: at, message }) => issue(at, message)))
  const { database } = parsed.data
  const wrong = databaseRules(database).map(({ path: at, mayBe }) => issue(at, mayBe))
  if (wrong.length > 0) throw wrongTarget(wrong)
  return database
}

const exists = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  )

/** A file that is no YAML, or cannot be read, is for whoever wrote it to mend. */
const orSay = async <T>(work: () => T | Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    throw error instanceof ConfigError ? new AppError('BAD_REQUEST', error.message, { cause: error }) : error
  }
}

export const openDatabaseBlock = async (options: DatabaseBlockOptions): Promise<DatabaseBlock> => {
  const { file, root, variables, nodeKey, insecure, versionOf } = options
  const before = `${file}.before-switch`
  const parse = (text: string): DatabaseSection => {
    const yaml = parseYamlFile(file, text)
    const problems = createProblems(yaml, {})
    const checked = check(yaml, { variables, nodeKey, overrides: {} }, insecure, problems)
    if (checked && problems.list().length === 0) return checked.values.database
    const issues = problems.list()
    throw new AppError(
      'BAD_REQUEST',
      issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; '),
      {
        issues,
      },
    )
  }
  const read = (): Promise<DatabaseInFile> =>
    orSay(async () => {
      const text = await readText(file)
      return { version: versionOf(text), section: parse(text) }
    })
  const replace: DatabaseBlock['replace'] = async (version, section) => {
    // Through a link the real file changes: replacing would put a file where the link was.
    const real = await realpath(file)
    const text = await orSay(() => readText(real))
    if (versionOf(text) !== version)
      throw new AppError('CONFLICT', `${file} was changed meanwhile; look at it again, then switch.`)
    const after = edited(text, { now: parse(text), section, nodeKey })
    if (!isSameSection(parse(after), section))
      throw new Error(`${file} would name another database than asked`)
    await writeFileAtomic(before, text, PRIVATE_FILE)
    await writeFileAtomic(real, after, PRIVATE_FILE)
  }
  return {
    ...{ file, before, read, replace },
    atStart: (await read()).section,
    sectionOf: (target, now) => sectionOf(target, now, nodeKey),
    withAbsolutePaths: (section) => withAbsolutePaths(section, root),
    hasBefore: () => exists(before),
  }
}

/** The text with every key changed that the section has otherwise; a password sealed. */
const edited = (
  text: string,
  { now, section, nodeKey }: { now: DatabaseSection; section: DatabaseSection; nodeKey: NodeKey },
): string => {
  const known = new Map(allEntries(now).map(([path, value]) => [path.join('.'), value]))
  const changed = entriesOf(section).filter(([path, value]) => known.get(path.join('.')) !== value)
  const seal = (path: readonly string[], value: YamlValue): YamlValue =>
    path.at(-1) === 'password' && typeof value === 'string' ? encryptValue(nodeKey, value) : written(value)
  return changed.reduce((all, [path, value]) => editYaml(all, ['database', ...path], seal(path, value)), text)
}

/** Of both kinds: what the file holds for the one it does not name now is no change either. */
const allEntries = (section: DatabaseSection): [path: string[], value: YamlValue][] => [
  ...entriesOf({ ...section, type: 'SQLite' }),
  ...entriesOf({ ...section, type: 'PostgreSQL' }),
  [['type'], section.type],
]
