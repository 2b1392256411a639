/*
 * Known secret values, blotted out of text. Besides the value itself its forms inside JSON and inside a URL
 * are known, since that is how it reaches a log line or a connection string.
 */

export const MASK = '***'

/** A shorter value is found by chance everywhere: masking it would tell where it is and ruin the text. */
const MIN_LENGTH = 4

export interface Masker {
  /** From now on `value` is blotted out. Values under 4 characters are left alone. */
  add: (value: string) => void
  apply: (text: string) => string
}

const formsOf = (value: string): string[] => [
  value,
  JSON.stringify(value).slice(1, -1),
  // A lone surrogate would make it throw.
  encodeURIComponent(value.replace(/\p{Cs}/gu, '\uFFFD')),
]

export const createMasker = (values: Iterable<string> = []): Masker => {
  const forms = new Set<string>()
  /** Longest first, so that a secret which contains another leaves no rest behind. */
  let ordered: string[] = []

  const add = (value: string): void => {
    if (value.length < MIN_LENGTH) return
    for (const form of formsOf(value)) forms.add(form)
    ordered = [...forms].sort((a, b) => b.length - a.length)
  }
  for (const value of values) add(value)

  return { add, apply: (text) => ordered.reduce((masked, form) => masked.replaceAll(form, MASK), text) }
}
