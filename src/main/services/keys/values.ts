import { badField } from '../../../shared/domain/errors.ts'
import { isHiddenSecret, isSealedSecret, isWrittenSecret } from '../../../shared/domain/secret.ts'

/** `parameters` and `environment` between what a caller writes, what a table holds and what a script gets. */

export interface SecretCodec {
  /** @throws AppError UNAVAILABLE when this node has no key. */
  seal: (text: string) => string
  /** @throws AppError UNAVAILABLE when this node has no such key, or the value was altered. */
  open: (sealed: string) => string
}

type Values = Record<string, unknown>

const own = (values: Values, name: string): unknown =>
  Object.hasOwn(values, name) ? values[name] : undefined

/** Whether `stored` holds this very text; a value that does not open is simply another one. */
const holdsSame = (codec: SecretCodec, stored: unknown, text: string): boolean => {
  if (!isSealedSecret(stored)) return false
  try {
    return codec.open(stored.$sealed) === text
  } catch {
    return false
  }
}

const sealOne = (codec: SecretCodec, path: [string, string], value: unknown, stored: unknown): unknown => {
  // An unchanged text keeps its ciphertext: sealing anew would be a change in the log where nothing changed.
  if (isWrittenSecret(value))
    return holdsSame(codec, stored, value.secret) ? stored : { $sealed: codec.seal(value.secret) }
  if (!isHiddenSecret(value)) return value
  if (isSealedSecret(stored)) return stored
  throw badField(path, 'there is no stored secret of this name to keep; write { "secret": "text" }')
}

/**
 * Values as a table holds them: `{ secret: 'text' }` sealed, `{ secret: true }` as stored under that name.
 * @throws AppError BAD_REQUEST at `[field, name]` when there is nothing to keep.
 */
export const sealSecretValues = (codec: SecretCodec, field: string, values: Values, stored: Values): Values =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      sealOne(codec, [field, name], value, own(stored, name)),
    ]),
  )

/** Values as a script gets them, and the secret texts among them. */
export const openSecretValues = (
  codec: SecretCodec,
  stored: Values,
): { values: Values; secrets: string[] } => {
  const secrets: string[] = []
  const open = (value: unknown): unknown => {
    if (!isSealedSecret(value)) return value
    const text = codec.open(value.$sealed)
    secrets.push(text)
    return text
  }
  return {
    values: Object.fromEntries(Object.entries(stored).map(([name, value]) => [name, open(value)])),
    secrets,
  }
}
