import { linkTo, pathOfRecord, type LinkKind } from '../../shared/domain/link.ts'
import { useLocal } from './local.ts'
import { href } from './router.ts'
import { toastDone } from './toast.ts'

/** Pages that came without TLS from another machine have no clipboard. */
const write = async (text: string): Promise<void> => {
  if (!('clipboard' in navigator)) throw new Error('there is no clipboard')
  await navigator.clipboard.writeText(text)
}

/** Copies a link to a record: in the desktop one of its own, in a browser the console's address. */
export const useCopyLink = (): ((kind: LinkKind, id: string) => void) => {
  const isDesktop = useLocal() !== null
  return (kind, id) => {
    const { origin, pathname } = window.location
    const link = isDesktop ? linkTo(kind, id) : `${origin}${pathname}${href(pathOfRecord(kind, id))}`
    write(link).then(
      () => toastDone(`Copied the link to the ${kind}`),
      () => toastDone(`This browser lets the page copy nothing. The link: ${link}`),
    )
  }
}
