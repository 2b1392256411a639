import { useEffect, useRef } from 'react'
import { href, useRoute, useRouter } from './router.ts'

/** What an address may ask its page to open: a form or a question. Nothing is done before somebody answers that. */
export type Asked = 'add' | 'drain' | 'retire' | 'revert' | 'run' | 'stop'

const PARAM = 'ask'

/** The address of a page that opens with a question, as the palette goes there. */
export const askingHref = (path: readonly string[], what: Asked): string => href(path, { [PARAM]: what })

/** Opens what the address asks for, once; then the address is the page's own again. */
export const useAsked = (what: Asked, open: () => void): void => {
  const router = useRouter()
  const { path, params } = useRoute()
  const latest = useRef(open)
  useEffect(() => {
    latest.current = open
  })
  const isAsked = params.get(PARAM) === what
  useEffect(() => {
    if (!isAsked) return
    const rest = new URLSearchParams(params)
    rest.delete(PARAM)
    router.go(href(path, rest), { replace: true })
    latest.current()
  }, [isAsked, router, path, params])
}
