/**
 * Which environment variables a task may not set: those that would change which program runs or load foreign
 * code into it, and those this program itself hands to every script.
 */

const LOADERS = 'it can load foreign code into the interpreter; say it in the script instead'
const SHELL = 'it changes how the shell reads the script; say it in the script instead'

const REFUSED: Readonly<Record<string, string>> = {
  PATH: 'it decides which programs run; use absolute paths or set it in the script',
  PATHEXT: 'it decides which programs run',
  COMSPEC: 'it decides which shell runs',
  PSMODULEPATH: LOADERS,
  NODE_OPTIONS: LOADERS,
  NODE_PATH: LOADERS,
  PERL5LIB: LOADERS,
  PERL5OPT: LOADERS,
  RUBYLIB: LOADERS,
  RUBYOPT: LOADERS,
  JAVA_TOOL_OPTIONS: LOADERS,
  DOTNET_STARTUP_HOOKS: LOADERS,
  BASH_ENV: SHELL,
  ENV: SHELL,
  IFS: SHELL,
  SHELLOPTS: SHELL,
  BASHOPTS: SHELL,
  PS4: SHELL,
  GCONV_PATH: LOADERS,
}

const REFUSED_PREFIXES: readonly (readonly [string, string])[] = [
  ['LD_', LOADERS],
  ['DYLD_', LOADERS],
  ['PYTHON', LOADERS],
  ['CORECLR_', LOADERS],
  ['COR_', LOADERS],
  ['BASH_FUNC_', SHELL],
  ['PSWEBHOST_', 'names beginning with PSWEBHOST_ are set by the node'],
]

/** Why a task may not set the variable `name` (in words, upper and lower case alike), or null when it may. */
export const refusedEnvironmentName = (name: string): string | null => {
  const upper = name.toUpperCase()
  const exact = Object.hasOwn(REFUSED, upper) ? REFUSED[upper] : undefined
  const reason = exact ?? REFUSED_PREFIXES.find(([prefix]) => upper.startsWith(prefix))?.[1]
  return reason === undefined ? null : `${name} may not be set: ${reason}`
}

/** Every refused name of an `environment`, each with its reason; empty when all may be set. */
export const refusedEnvironmentNames = (
  environment: Readonly<Record<string, unknown>>,
): { name: string; reason: string }[] =>
  Object.keys(environment).flatMap((name) => {
    const reason = refusedEnvironmentName(name)
    return reason === null ? [] : [{ name, reason }]
  })
