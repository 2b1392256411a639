import { useEffect } from 'react'
import type { Delivered } from '../../shared/domain/sync.ts'
import { things } from '../lib/format.ts'
import { href } from '../lib/router.ts'
import { toastLink } from '../lib/toast.ts'
import { useStream } from './connection.ts'

/** `3 offline edits reached the cluster database: 2 taken, 1 in conflict`; null: there is nothing to tell. */
export const deliveredWords = ({ accepted, merged, conflicts, refused }: Delivered): string | null => {
  const reached = accepted + merged + conflicts
  const parts = [
    ...(accepted > 0 ? [`${accepted} taken`] : []),
    ...(merged > 0 ? [`${merged} merged with what others edited`] : []),
    ...(conflicts > 0 ? [`${conflicts} in conflict`] : []),
  ]
  const taken =
    reached === 0
      ? []
      : [`${things(reached, 'offline edit')} reached the cluster database: ${parts.join(', ')}`]
  const left =
    refused === 0
      ? []
      : [
          `${things(refused, 'offline edit')} ${refused === 1 ? 'was' : 'were'} refused and ${refused === 1 ? 'waits' : 'wait'} on`,
        ]
  return taken.length + left.length === 0 ? null : [...taken, ...left].join('. ')
}

/** Tells once what became of edits that waited; what somebody has to look at stays until it is closed. */
export const useDeliveries = (): void => {
  const stream = useStream()
  useEffect(
    () =>
      stream.subscribe(({ delivered }) => {
        const words = delivered && deliveredWords(delivered)
        if (!words) return
        const { conflicts, refused } = delivered
        if (conflicts > 0) toastLink(words, { address: href(['sync']), label: 'To the conflicts' })
        else if (refused > 0) toastLink(words, { address: href(['sync']), label: 'See why' })
        else toastLink(words)
      }),
    [stream],
  )
}
