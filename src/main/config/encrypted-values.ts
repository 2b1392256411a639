import { messageOf } from '../../shared/domain/errors.ts'
import type { NodeKey } from '../platform/secrets/node-key.ts'
import type { Problem } from './expand.ts'
import { writeConfigKey, type RawTree } from './yaml-file.ts'

/** `encrypted:…` in app.yaml: sealed by this node's secret.key, so that the file alone gives nothing away. */

const MARK = 'encrypted:'
const PURPOSE = 'pswebhost app.yaml'
const PASSWORD = ['database', 'connection', 'password'] as const

export const isEncrypted = (text: string): boolean => text.startsWith(MARK)

/** The form a secret takes in app.yaml. */
export const encryptValue = (key: NodeKey, text: string): string =>
  MARK + key.wrap(Buffer.from(text, 'utf8'), PURPOSE)

export interface Opened {
  values: RawTree
  /** The plain texts, to be masked wherever they turn up. */
  secrets: string[]
}

/** Every `encrypted:…` string opened. One that this node's key does not open goes to `problem`. */
export const openEncrypted = (values: RawTree, key: NodeKey, problem: Problem): Opened => {
  const secrets: string[] = []
  const open = (value: unknown, path: string[]): unknown => {
    if (typeof value === 'string' && isEncrypted(value)) {
      const plain = key.unwrap(value.slice(MARK.length), PURPOSE)?.toString('utf8')
      if (plain === undefined)
        problem(
          path,
          'has an encrypted value that the secret.key of this node does not open; write the plain text once more',
        )
      else secrets.push(plain)
      return plain ?? value
    }
    if (Array.isArray(value)) return value.map((item, index) => open(item, [...path, String(index)]))
    return typeof value === 'object' && value !== null ? openGroup(value, path) : value
  }
  const openGroup = (group: object, path: string[]): RawTree =>
    Object.fromEntries(Object.entries(group).map(([key_, inner]) => [key_, open(inner, [...path, key_])]))
  return { values: openGroup(values, []), secrets }
}

const passwordIn = (values: RawTree): unknown =>
  PASSWORD.reduce<unknown>(
    (node, key) => (typeof node === 'object' && node !== null ? (node as RawTree)[key] : undefined),
    values,
  )

/**
 * Replaces a plain password in the file by its encrypted form; one that comes from the environment stays as
 * written. A file that cannot be written is no reason not to start: the warning is returned.
 */
export const sealPassword = async (file: string, written: RawTree, key: NodeKey): Promise<string | null> => {
  const password = passwordIn(written)
  if (typeof password !== 'string' || password === '' || isEncrypted(password) || password.includes('${'))
    return null
  try {
    await writeConfigKey(file, PASSWORD, encryptValue(key, password))
    return null
  } catch (error) {
    return `${PASSWORD.join('.')} stays in clear in ${file}, which cannot be written: ${messageOf(error)}`
  }
}
