import type { ReactNode } from 'react'
import type { Subject } from './subject.ts'

/** A line of the palette: somewhere to go, or something to do. */
export interface Item {
  id: string
  icon: ReactNode
  label: string
  /** Grey behind the label: an app, a section. */
  detail?: string | undefined
  /** At the right: how it is, when it comes. */
  aside?: ReactNode
  /** Its key outside of the palette. */
  keys?: string | undefined
  /** Why it cannot be done now; it is shown all the same. */
  why?: string | null
  /** Where it leads, and may lead in a new window. */
  address?: string
  act?: () => void
  /** The record whose actions `Tab` leads to. */
  subject?: Subject
  /** Commands of a view that are the same. */
  same?: readonly string[]
}

export interface ItemGroup {
  title: string
  items: readonly Item[]
}

/** What it says, for matching. */
export const textOf = ({ label, detail }: Item): string => (detail ? `${label} ${detail}` : label)

/** The element of a line, for the field that names it as the marked one. */
export const optionId = (listId: string, item: Item): string => `${listId} ${item.id}`.replace(/\s+/g, '-')
