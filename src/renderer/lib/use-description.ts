import { useEffect } from 'react'

/**
 * What a screen reader says of a control besides its name: the texts with the ids `by`, none where that is empty.
 * Inputs overwrite an `aria-describedby` that they are given with one of their own, so it is set from outside.
 */
export const useDescription = (id: string | undefined, by: string): void => {
  useEffect(() => {
    const control = id === undefined ? null : document.getElementById(id)
    if (by === '') control?.removeAttribute('aria-describedby')
    else control?.setAttribute('aria-describedby', by)
  }, [id, by])
}
