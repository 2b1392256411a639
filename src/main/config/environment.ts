/** Variables as a process has them; names are looked up as written. */
export type Variables = Readonly<Record<string, string | undefined>>

/** What the program takes from its environment besides `${NAME}` in app.yaml. Nothing else reads process.env. */
export interface Environment {
  /** For `${NAME}` in app.yaml. */
  variables: Variables
  /** A build server: progress is plain lines. */
  ci: boolean
  /** NO_COLOR (no-color.org): output without colours. */
  noColor: boolean
  /** A window could be shown here. Windows and macOS always have a display. */
  hasDisplay: boolean
  /** What every script inherits: paths, home, locale and temporary folder; nothing that could hold a secret. */
  scriptBase: Readonly<Record<string, string>>
}

const SCRIPT_BASE_POSIX = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'LANG',
  'LC_ALL',
  'LC_CTYPE',
  'TZ',
  'TMPDIR',
]
const SCRIPT_BASE_WINDOWS = [
  ...['PATH', 'PATHEXT', 'SYSTEMROOT', 'SYSTEMDRIVE', 'WINDIR', 'COMSPEC', 'TEMP', 'TMP'],
  ...[
    'USERPROFILE',
    'USERNAME',
    'USERDOMAIN',
    'HOMEDRIVE',
    'HOMEPATH',
    'APPDATA',
    'LOCALAPPDATA',
    'PROGRAMDATA',
  ],
  ...['PROGRAMFILES', 'PROGRAMFILES(X86)', 'COMMONPROGRAMFILES', 'COMPUTERNAME', 'PSMODULEPATH'],
  ...['NUMBER_OF_PROCESSORS', 'PROCESSOR_ARCHITECTURE', 'OS'],
]

/** Windows finds variables whatever their case (`Path`); elsewhere case matters. */
const pick = (variables: Variables, names: readonly string[], anyCase: boolean): Record<string, string> => {
  const wanted = new Set(names)
  const kept = Object.entries(variables).filter(([name]) => wanted.has(anyCase ? name.toUpperCase() : name))
  return Object.fromEntries(kept.filter((entry): entry is [string, string] => entry[1] !== undefined))
}

const isOn = (value: string | undefined): boolean =>
  value !== undefined && !['', '0', 'false'].includes(value)

export const readEnvironment = (
  variables: Variables = process.env,
  platform: NodeJS.Platform = process.platform,
): Environment => {
  const windows = platform === 'win32'
  return {
    variables,
    ci: isOn(variables['CI']),
    noColor: Boolean(variables['NO_COLOR']),
    hasDisplay:
      platform !== 'linux' || Boolean(variables['DISPLAY']) || Boolean(variables['WAYLAND_DISPLAY']),
    scriptBase: pick(variables, windows ? SCRIPT_BASE_WINDOWS : SCRIPT_BASE_POSIX, windows),
  }
}
