import { LockIcon } from '@primer/octicons-react'
import { isSecret, meaningOf, valueText } from '../lib/field-values.ts'

/** What stands where a secret would. */
export const SecretMark = ({ children = 'secret' }: { children?: React.ReactNode }) => (
  <span className="row">
    <LockIcon size={12} aria-hidden />
    <span>{children}</span>
  </span>
)

/** A machine form in words below it; nothing where the words are the form. */
export function Meaning({ field, value }: { field: string; value: unknown }) {
  const meaning = meaningOf(field, value)
  return meaning !== null && meaning !== valueText(value) && <div className="t3 small">{meaning}</div>
}

/** One value of a field, as differences show it. */
export function FieldValue({ field, value }: { field: string; value: unknown }) {
  if (value === null || value === undefined) return <span className="t3">–</span>
  if (isSecret(value)) return <SecretMark />
  return (
    <>
      <span className="diff mono">{valueText(value)}</span>
      <Meaning field={field} value={value} />
    </>
  )
}
