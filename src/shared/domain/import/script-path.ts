import { slashed } from './source-kind.ts'

/** Where an imported script lies. Pure text: both `C:\…` and `/…` are read on every platform. */

const isAbsolute = (path: string): boolean => /^([A-Za-z]:[\\/]|[\\/])/.test(path)
const isWindows = (path: string): boolean => /^([A-Za-z]:|\\\\)/.test(path)

/** `a/./b/../c` as `a/c`; leading `..` stay, for they say that the path leaves its base. */
const tidy = (path: string): string => {
  const parts: string[] = []
  for (const part of slashed(path).split('/')) {
    if (part === '' || part === '.') continue
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop()
    else parts.push(part)
  }
  return parts.join('/')
}

const join = (root: string, below: string): string => {
  const windows = isWindows(root)
  const path = `${slashed(root).replace(/\/+$/, '')}/${below}`
  const [, start = '', rest = ''] = /^(\/\/|\/|[A-Za-z]:\/)?(.*)$/.exec(path) ?? []
  const whole = start + tidy(rest)
  return windows ? whole.replaceAll('/', '\\') : whole
}

const comparable = (path: string): string => {
  const plain = slashed(path).replace(/\/+$/, '')
  return isWindows(path) ? plain.toLowerCase() : plain
}

export const isInside = (path: string, root: string): boolean =>
  comparable(path) === comparable(root) || comparable(path).startsWith(`${comparable(root)}/`)

export interface ScriptPlace {
  path: string
  warning?: string
}

const ADD_ROOT =
  'import the installation’s folder with --add-script-root, or add the folder to execution.scriptRoots'

/**
 * @param base the folder that the source's paths are relative to, below the installation (`apps/Exports`)
 * @param root the installation's folder on this machine, or null
 */
export const placeScript = (
  written: string,
  base: string,
  root: string | null,
  scriptRoots: readonly string[],
): ScriptPlace => {
  if (isAbsolute(written)) return confined(written, scriptRoots)
  const below = tidy(base && !isInside(tidy(written), base) ? `${base}/${written}` : written)
  if (root !== null) return confined(join(root, below), scriptRoots)
  const warning = below.startsWith('../')
    ? `the script ${below} leaves the installation’s folder; its runs will fail until the path is corrected`
    : `the script is kept as ${below}, relative to a script root: copy it there, or ${ADD_ROOT}`
  return { path: below, warning }
}

const confined = (path: string, scriptRoots: readonly string[]): ScriptPlace => {
  if (scriptRoots.some((root) => isInside(path, root))) return { path }
  return {
    path,
    warning: `the script ${path} is outside every script root, so its runs will fail: ${ADD_ROOT}`,
  }
}

/** Is `existing` the place that the relative path `imported` was resolved to in an earlier import? */
export const isSameScript = (existing: string, imported: string): boolean =>
  existing === imported || (!isAbsolute(imported) && slashed(existing).endsWith(`/${imported}`))
