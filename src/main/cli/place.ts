import { resolve } from 'node:path'
import type { PrepareOptions } from '../app/prepare-core.ts'
import type { Program } from '../app/program.ts'
import { defaultDataDir } from '../config/data-dir.ts'
import type { Environment } from '../config/environment.ts'
import type { CommonOptions, StartOptions } from './commands.ts'

/** Where a node is, as its options say, before anything of it is read. */
export type Place = Omit<PrepareOptions, 'cliOverrides'>

export const placeOf = (
  { data, config }: CommonOptions,
  environment: Environment,
  program: Program,
): Place => ({
  dataDir: data ?? defaultDataDir(environment.variables),
  ...(config === null ? {} : { configFile: config }),
  environment,
  program,
})

/** What options of a start say instead of the configuration. */
export const overridesOf = ({
  host,
  port,
  insecure,
}: StartOptions): NonNullable<PrepareOptions['cliOverrides']> => ({
  ...(host === null ? {} : { host }),
  ...(port === null ? {} : { port }),
  insecure,
})

/** The options of a start that finds the same node, with the same settings, again. */
export const startArguments = (
  { dataDir, configFile }: Pick<Place, 'dataDir' | 'configFile'>,
  { host, port, insecure }: NonNullable<PrepareOptions['cliOverrides']>,
): string[] => [
  ...['--data', resolve(dataDir)],
  ...(configFile === undefined ? [] : ['--config', resolve(configFile)]),
  ...(host === undefined ? [] : ['--host', host]),
  ...(port === undefined ? [] : ['--port', `${Number(port)}`]),
  ...(insecure ? ['--insecure'] : []),
]

/** Whether a start without options finds the same node, with the same settings. */
export const isPlainStart = (
  place: Place,
  overrides: NonNullable<PrepareOptions['cliOverrides']>,
): boolean => {
  const plain = startArguments({ dataDir: defaultDataDir(place.environment.variables) }, {})
  return startArguments(place, overrides).join('\n') === plain.join('\n')
}
