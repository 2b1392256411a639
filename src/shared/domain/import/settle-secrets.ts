import { isHiddenSecret, isWrittenSecret, type HiddenSecret } from '../secret.ts'

/** What an import does with secret values, which no file may hold and no import may lose. */
export interface SettledValues<T> {
  values: Record<string, T | HiddenSecret>
  /** Secrets of the source that nothing is known of here. */
  missing: string[]
  /** Plain in the source, secret here: the stored value stays. */
  kept: string[]
}

/**
 * @param values as the source has them: plain, `{ "secret": "text" }` or `{ "secret": true }`
 * @param stored the task's values as they are read here, secrets hidden
 */
export const settleSecrets = <T>(
  values: Record<string, T>,
  stored: Record<string, T | HiddenSecret>,
): SettledValues<T> => {
  const settled: SettledValues<T> = { values: {}, missing: [], kept: [] }
  for (const [name, value] of Object.entries(values)) {
    const known = Object.hasOwn(stored, name) ? stored[name] : undefined
    if (isHiddenSecret(value)) {
      if (known === undefined) settled.missing.push(name)
      else settled.values[name] = known
    } else if (isHiddenSecret(known) && !isWrittenSecret(value)) {
      settled.kept.push(name)
      settled.values[name] = known
    } else settled.values[name] = value
  }
  return settled
}
