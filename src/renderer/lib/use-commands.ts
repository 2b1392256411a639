import { useLayoutEffect, useRef } from 'react'
import type { LinkKind } from '../../shared/domain/link.ts'
import { wordsOf, type CommandName, type GroupName, type KeyWords } from './key-table.ts'
import { toastDone } from './toast.ts'
import { useKeys, type KeyActs } from './use-keys.ts'

/** What a view can do right now: an act; the reason why not; or nothing, where it means nothing now. */
export type Offer = ((event?: KeyboardEvent) => void) | { why: string } | undefined

/** Refused while there is a reason. */
export const unless = (why: string | null, act: () => void): Offer => (why === null ? act : { why })

type Offers<G extends GroupName> = Partial<Record<CommandName<G>, Offer>>

/** The record that commands mean: the one that is shown, or the one at the cursor. */
export interface About {
  kind: LinkKind
  id: string
  name: string
}

/** A command of a view that is shown, for the palette. */
export interface LiveCommand {
  group: GroupName
  name: string
  words: KeyWords
  offer: Exclude<Offer, undefined>
  about: About | undefined
}

interface Registered {
  group: GroupName
  read: () => { offers: Partial<Record<string, Offer>>; about: About | undefined }
}

const registered = new Set<Registered>()

/** What the page offers now, of the views that are there; moves and the like are left to their keys. */
export const liveCommands = (): LiveCommand[] =>
  [...registered].flatMap(({ group, read }) => {
    const { offers, about } = read()
    return Object.entries(offers).flatMap(([name, offer]) => {
      const words = wordsOf(group, name)
      return offer && words.act ? [{ group, name, words, offer, about }] : []
    })
  })

const keyActsOf = (group: GroupName, offers: Partial<Record<string, Offer>>): KeyActs =>
  Object.fromEntries(
    Object.entries(offers).flatMap(([name, offer]) => {
      if (!offer) return []
      // A key that is refused says why, as its button does.
      const act = typeof offer === 'function' ? offer : () => toastDone(offer.why)
      return wordsOf(group, name).keys.map((key) => [key, act])
    }),
  )

/** Binds a view's commands, by their names in the key table, to their keys, and offers them in the palette. */
export const useCommands = <G extends GroupName>(group: G, offers: Offers<G>, about?: About): void => {
  useKeys(keyActsOf(group, offers))
  const latest = useRef({ offers, about })
  useLayoutEffect(() => {
    latest.current = { offers, about }
  })
  useLayoutEffect(() => {
    const own: Registered = { group, read: () => latest.current }
    registered.add(own)
    return () => void registered.delete(own)
  }, [group])
}
