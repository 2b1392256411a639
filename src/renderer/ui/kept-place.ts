import { useEffect, useRef, useState } from 'react'
import { useRouter } from '../lib/router.ts'
import type { Cursor } from './cursor.ts'

/** Where a list stands: how far it is scrolled, and the row that the keyboard is at. */
export interface Place {
  top: number
  cursor: Cursor | null
}

const isPlace = (value: unknown): value is Place =>
  typeof value === 'object' && value !== null && 'top' in value && 'cursor' in value

/**
 * Keeps where a list stood for whoever comes back to its page.
 * @returns where it stood then, as long as the list is there; null on a page that is new
 */
export const useKeptPlace = (list: string, read: () => Place): Place | null => {
  const router = useRouter()
  const [kept] = useState(() => {
    const place = router.placeOf(list)
    return isPlace(place) ? place : null
  })
  const latest = useRef(read)
  useEffect(() => {
    latest.current = read
  })
  useEffect(() => router.keepPlace(list, () => latest.current()), [router, list])
  return kept
}
