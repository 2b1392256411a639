import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { DatabaseTargetInput } from '../../shared/domain/database-target.ts'
import { messageOf } from '../../shared/domain/errors.ts'
import { ConfigError } from './config-error.ts'
import type { Variables } from './environment.ts'
import { expandTree } from './expand.ts'
import { knownKeys } from './known-keys.ts'
import { withAbsolutePaths } from './load.ts'
import { addIssues, createProblems, takeKnown } from './problems.ts'
import { databaseRules } from './rules.ts'
import { configSchema, type ConfigValues } from './schema.ts'
import { parseYamlFile } from './yaml-file.ts'

const readText = async (file: string): Promise<string> => {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new ConfigError(
      [`--to has "${file}"; it may be a file that can be read (${messageOf(error)})`],
      error,
    )
  }
}

/** The `database` group of a file, by the rules of app.yaml; an `encrypted:` password is opened by the node. */
const readDatabase = (file: string, text: string, variables: Variables): ConfigValues['database'] => {
  const yaml = parseYamlFile(file, text)
  const problems = createProblems(yaml, {})
  const { database: group } = takeKnown(yaml.values, knownKeys(), problems)
  problems.throwIfAny()
  if (group === undefined)
    throw new ConfigError([
      `${file} names no database; it may have "database:" with "type:" and "connection:" below, like app.yaml`,
    ])
  // Of other groups nothing is used: what they take from the environment need not be there.
  const expanded = expandTree({ database: group }, variables, problems.add)
  problems.throwIfAny()
  const parsed = configSchema.safeParse(expanded)
  if (!parsed.success) addIssues(problems, parsed.error.issues)
  else for (const { path, mayBe } of databaseRules(parsed.data.database)) problems.wrong(path, mayBe)
  problems.throwIfAny()
  if (!parsed.success) throw new Error('a configuration without problems has values')
  return parsed.data.database
}

/**
 * The database that a file like app.yaml names, for `copy-database --to`. Relative paths are meant from the
 * file's own folder, which is the data folder of an app.yaml in its place.
 * @throws ConfigError (exit code 2) naming the first wrong key.
 */
export const readTargetFile = async (file: string, variables: Variables): Promise<DatabaseTargetInput> => {
  const read = readDatabase(file, await readText(file), variables)
  const { type, connection, options } = withAbsolutePaths(read, dirname(resolve(file)))
  const { timeout, poolSize } = options
  return { type, connection, options: { timeout, poolSize } }
}
