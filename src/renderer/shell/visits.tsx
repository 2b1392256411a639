import { ActionIcon, Tooltip } from '@mantine/core'
import { ChevronLeftIcon, ChevronRightIcon } from '@primer/octicons-react'
import { useEffect } from 'react'
import { keyOf } from '../lib/key-table.ts'
import { useLocal } from '../lib/local.ts'
import { useRouter, useVisit } from '../lib/router.ts'
import { useCommands } from '../lib/use-commands.ts'

const MOUSE_BACK = 3
const MOUSE_FORWARD = 4

/** Back and forward, for the desktop window: a browser has buttons, keys and mouse for them. */
export function Visits() {
  return useLocal() === null ? null : <Buttons />
}

function Buttons() {
  const router = useRouter()
  const { at, last } = useVisit()
  useCommands('everywhere', { back: router.back, forward: router.forward })
  useMouseButtons()
  return (
    <span className="visits">
      <Tooltip label={`Back (${keyOf('everywhere', 'back')})`}>
        <ActionIcon
          aria-label="Back"
          aria-keyshortcuts="Alt+ArrowLeft"
          disabled={at === 0}
          onClick={router.back}
        >
          <ChevronLeftIcon size={16} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={`Forward (${keyOf('everywhere', 'forward')})`}>
        <ActionIcon
          aria-label="Forward"
          aria-keyshortcuts="Alt+ArrowRight"
          disabled={at === last}
          onClick={router.forward}
        >
          <ChevronRightIcon size={16} />
        </ActionIcon>
      </Tooltip>
    </span>
  )
}

/** The two buttons at the side of a mouse. */
const useMouseButtons = (): void => {
  const router = useRouter()
  useEffect(() => {
    const onMouse = (event: MouseEvent): void => {
      if (event.button === MOUSE_BACK) router.back()
      else if (event.button === MOUSE_FORWARD) router.forward()
      else return
      event.preventDefault()
    }
    window.addEventListener('mouseup', onMouse)
    return () => window.removeEventListener('mouseup', onMouse)
  }, [router])
}
