import { formsOfSecret } from './secret-forms.ts'

/** Known secret values, blotted out of text in one piece (exec/mask.ts: out of a stream of bytes). */

export const MASK = '***'

export interface Masker {
  /** From now on `value` is blotted out. Values under 4 characters are left alone. */
  add: (value: string) => void
  apply: (text: string) => string
}

export const createMasker = (values: Iterable<string> = []): Masker => {
  const forms = new Set<string>()
  /** Longest first, so that a secret which contains another leaves no rest behind. */
  let ordered: string[] = []

  const add = (value: string): void => {
    for (const form of formsOfSecret(value)) forms.add(form)
    ordered = [...forms].sort((a, b) => b.length - a.length)
  }
  for (const value of values) add(value)

  return { add, apply: (text) => ordered.reduce((masked, form) => masked.replaceAll(form, MASK), text) }
}
