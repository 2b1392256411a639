import { useEffect } from 'react'

/** A new window of the desktop; in a browser a new tab, to which the token of this one goes. */
export const openElsewhere = (address: string): void => void window.open(address, '_blank')

interface Pressed {
  button: number
  ctrlKey: boolean
  metaKey: boolean
}

const MIDDLE = 1

/** With Ctrl (Cmd), or the middle button: to be opened in a new window. */
export const isElsewhere = ({ button, ctrlKey, metaKey }: Pressed): boolean =>
  button === MIDDLE || ctrlKey || metaKey

/**
 * Links of our own, opened elsewhere. Left to itself a browser would open a tab that has no token, and asks for one.
 */
export const useElsewhere = (): void => {
  useEffect(() => {
    const onClick = (event: MouseEvent): void => {
      const link = event.target instanceof Element ? event.target.closest('a[href^="#/"]') : null
      const address = link?.getAttribute('href')
      if (!address || event.defaultPrevented || !isElsewhere(event)) return
      event.preventDefault()
      openElsewhere(address)
    }
    window.addEventListener('click', onClick)
    window.addEventListener('auxclick', onClick)
    return () => {
      window.removeEventListener('click', onClick)
      window.removeEventListener('auxclick', onClick)
    }
  }, [])
}
