import { stat } from 'node:fs/promises'
import { isAbsolute, resolve } from 'node:path'
import { messageOf } from '../../shared/domain/errors.ts'
import { openNodeKey, type NodeKey } from '../platform/secrets/node-key.ts'
import { writeFileAtomic } from '../platform/write-file.ts'
import { ConfigError } from './config-error.ts'
import { openDataDir, type DataDir } from './data-dir.ts'
import { DEFAULT_CONFIG } from './default-config.ts'
import { openEncrypted, sealPassword } from './encrypted-values.ts'
import type { Variables } from './environment.ts'
import { expandTree } from './expand.ts'
import { knownKeys } from './known-keys.ts'
import { addIssues, createProblems, takeKnown, type Overrides, type Problems } from './problems.ts'
import { crossRules } from './rules.ts'
import { configSchema, type ConfigValues } from './schema.ts'
import { readYamlFile, type RawTree, type YamlFile } from './yaml-file.ts'

export { writeConfigKey } from './yaml-file.ts'

/** The configuration a node runs with: checked, defaults filled in, paths absolute. */
export interface Config extends ConfigValues {
  /** The app.yaml it was read from. */
  file: string
  dataDir: DataDir
}

export interface LoadedConfig {
  config: Config
  nodeKey: NodeKey
  /** Plain texts of secrets, for `log.mask` and the masking of output. */
  secrets: string[]
  /** Whether app.yaml says how many scripts may run at once. */
  givesCapacity: boolean
  /** What is not right, though not wrong enough to stop. */
  warnings: string[]
}

export interface LoadOptions {
  dataDir: string
  /** `--config`; it must exist. Left out: app.yaml of the data folder, written on first start. */
  configFile?: string | undefined
  cliOverrides?: { host?: string | undefined; port?: unknown; insecure?: boolean | undefined }
  variables: Variables
}

const exists = async (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  )

/** A mistyped `--config` must not become a fresh node on a fresh database: only our own file is written. */
const configFileOf = async (dir: DataDir, given: string | undefined): Promise<string> => {
  if (given !== undefined) return resolve(given)
  if (!(await exists(dir.configFile))) await writeDefault(dir.configFile)
  return dir.configFile
}

const writeDefault = async (file: string): Promise<void> => {
  try {
    await writeFileAtomic(file, DEFAULT_CONFIG)
  } catch (error) {
    throw new ConfigError([`--data: ${file} cannot be written (${messageOf(error)})`], error)
  }
}

const overridesOf = ({ host, port }: NonNullable<LoadOptions['cliOverrides']>): Overrides => ({
  ...(host === undefined ? {} : { 'api.host': { option: '--host', value: host } }),
  ...(port === undefined ? {} : { 'api.port': { option: '--port', value: port } }),
})

const withOverrides = (values: RawTree, overrides: Overrides): RawTree => {
  const api = values['api']
  // A group that is no group stays as it is, for the schema to refuse.
  if (api !== undefined && (typeof api !== 'object' || api === null)) return values
  const given = Object.entries(overrides).map(([path, { value }]) => [path.replace('api.', ''), value])
  return { ...values, api: { ...api, ...(Object.fromEntries(given) as RawTree) } }
}

const parse = (values: RawTree, insecure: boolean, problems: Problems): ConfigValues | null => {
  const parsed = configSchema.safeParse(values)
  if (!parsed.success) addIssues(problems, parsed.error.issues)
  else for (const { path, mayBe } of crossRules(parsed.data, insecure)) problems.wrong(path, mayBe)
  return parsed.success ? parsed.data : null
}

const absolute = (root: string, path: string): string => (isAbsolute(path) ? path : resolve(root, path))

const filePath = (root: string, path: string | null): string | null =>
  path === null ? null : absolute(root, path)

/** The same database with its paths made absolute: relative ones are meant from the data folder. */
export const withAbsolutePaths = (
  database: ConfigValues['database'],
  root: string,
): ConfigValues['database'] => {
  const { connection } = database
  const { ca, cert, key } = connection.tls
  const tls = { ca: filePath(root, ca), cert: filePath(root, cert), key: filePath(root, key) }
  return { ...database, connection: { ...connection, path: absolute(root, connection.path), tls } }
}

const withAbsoluteFiles = (api: ConfigValues['api'], root: string): ConfigValues['api'] => {
  const { enabled, cert, key } = api.tls
  return { ...api, tls: { enabled, cert: filePath(root, cert), key: filePath(root, key) } }
}

const complete = (values: ConfigValues, file: string, dataDir: DataDir): Config => ({
  ...values,
  file,
  dataDir,
  database: withAbsolutePaths(values.database, dataDir.root),
  api: withAbsoluteFiles(values.api, dataDir.root),
  execution: {
    ...values.execution,
    scriptRoots: values.execution.scriptRoots.map((root) => absolute(dataDir.root, root)),
  },
})

const isGiven = (written: RawTree, group: string, key: string): boolean => {
  const values = written[group]
  return typeof values === 'object' && values !== null && key in values
}

interface CheckOptions {
  variables: Variables
  nodeKey: NodeKey
  overrides: Overrides
}

/** File, then `${NAME}`, then `encrypted:`, then the command line. What is wrong goes to `problems`; then null. */
export const check = (
  yaml: YamlFile,
  { variables, nodeKey, overrides }: CheckOptions,
  insecure: boolean,
  problems: Problems,
) => {
  const written = takeKnown(yaml.values, knownKeys(), problems)
  const expanded = expandTree(written, variables, problems.add)
  const opened = openEncrypted(expanded, nodeKey, problems.add)
  // A value that could not be expanded would be reported a second time as being of the wrong kind.
  if (problems.list().length > 0) return null
  const values = parse(withOverrides(opened.values, overrides), insecure, problems)
  return values && { values, written, opened }
}

/**
 * Opens the data folder and reads its configuration, command line included. A plain database password is encrypted in the file, once everything else was found right.
 * @throws ConfigError (exit code 2) naming the first wrong key; all of them in `problems`.
 */
export const loadConfig = async (options: LoadOptions): Promise<LoadedConfig> => {
  const cli = options.cliOverrides ?? {}
  const dir = openDataDir(options.dataDir)
  const yaml = await readYamlFile(await configFileOf(dir, options.configFile))
  const nodeKey = await openNodeKey(dir.secretKey)
  const overrides = overridesOf(cli)
  const problems = createProblems(yaml, overrides)

  const checked = check(
    yaml,
    { variables: options.variables, nodeKey, overrides },
    cli.insecure === true,
    problems,
  )
  problems.throwIfAny()
  if (!checked) throw new Error('a configuration without problems has values')
  const { values, written, opened } = checked

  const warning = await sealPassword(yaml.file, written, nodeKey)
  const { password } = values.database.connection
  return {
    config: complete(values, yaml.file, dir),
    nodeKey,
    givesCapacity: isGiven(written, 'node', 'maxConcurrentTasks'),
    secrets: [...new Set([...opened.secrets, ...(password ? [password] : [])])],
    warnings: [
      ...(warning ? [warning] : []),
      ...(nodeKey.wasExposed ? [`${dir.secretKey} could be read by others; its rights are 0600 again`] : []),
    ],
  }
}
