import { notifications } from '@mantine/notifications'
import { createElement } from 'react'
import { toAppError } from './app-error.ts'

/** Toasts are for done acts with Undo, and for acts of a list row that were refused. */

interface Undo {
  act: () => Promise<unknown>
  /** What stands there once it is taken back: 'Backup is back'. */
  done: string
}

const UNDO_MS = 15_000

const refusal = (what: string, thrown: unknown): string => `${what}: ${toAppError(thrown).message}`

export const toastError = (what: string, thrown: unknown): void => {
  notifications.show({ message: refusal(what, thrown), color: 'red', role: 'alert', autoClose: UNDO_MS })
}

/** `Deleted Backup. [Undo]` */
export const toastDone = (message: string, undo?: Undo): void => {
  if (!undo) {
    notifications.show({ message })
    return
  }
  const takeBack = async (): Promise<void> => {
    notifications.hide(id)
    try {
      await undo.act()
      notifications.show({ message: undo.done })
    } catch (thrown) {
      toastError('Undo failed', thrown)
    }
  }
  const button = createElement(
    'button',
    { type: 'button', className: 'link', onClick: () => void takeBack() },
    'Undo',
  )
  const id = notifications.show({
    message: createElement(
      'span',
      { className: 'row' },
      createElement('span', { className: 'grow' }, message),
      button,
    ),
    autoClose: UNDO_MS,
  })
}

interface Link {
  address: string
  label: string
}

/** What happened without anybody's act; with a link it waits until somebody has seen it. */
export const toastLink = (message: string, link?: Link): void => {
  if (!link) return toastDone(message)
  const { address, label } = link
  const id = notifications.show({
    message: createElement(
      'span',
      { className: 'row' },
      createElement('span', { className: 'grow' }, message),
      createElement('a', { className: 'link', href: address, onClick: () => notifications.hide(id) }, label),
    ),
    autoClose: false,
  })
}
