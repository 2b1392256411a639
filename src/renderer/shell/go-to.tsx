import { Button } from '@mantine/core'
import { SearchIcon } from '@primer/octicons-react'
import { lazy, Suspense, useEffect, useEffectEvent, useLayoutEffect, useState } from 'react'
import { useOwnKeyScope } from '../lib/key-scope.ts'
import { keyOf, wordsOf } from '../lib/key-table.ts'
import { useCommands } from '../lib/use-commands.ts'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorBoundary } from '../ui/error-boundary.tsx'
import { Keys } from '../ui/text.tsx'
import { StopDialog } from './emergency-stop.tsx'

/* Both are loaded when the page has nothing else to do, so that the first page need not wait for them. */
const loadPalette = () => import('../palette/palette.tsx')
const loadSheet = () => import('../palette/key-sheet.tsx')
/** What does not come now is asked for again, and said, when somebody wants it. */
const preload = (): void => {
  Promise.all([loadPalette(), loadSheet()]).catch(() => undefined)
}
const Palette = lazy(loadPalette)
const KeySheet = lazy(loadSheet)

const PALETTE = wordsOf('everywhere', 'palette')

/** The field that opens the palette, from which everything can be gone to or done, and the sheet of all keys. */
export function GoTo() {
  const [shown, setShown] = useState<'palette' | 'sheet' | 'stop' | null>(null)
  const [ahead, setAhead] = useState('')
  const close = (): void => setShown(null)
  const open = (): void => {
    setAhead('')
    setShown('palette')
  }
  useCommands('everywhere', { palette: open, sheet: () => setShown('sheet') })
  useEffect(() => {
    const timer = setTimeout(preload, 1000)
    return () => clearTimeout(timer)
  }, [])
  return (
    <>
      <button
        type="button"
        className="go-to"
        aria-haspopup="dialog"
        aria-keyshortcuts="Control+K"
        onClick={open}
      >
        <SearchIcon size={14} aria-hidden />
        <span className="cut">{PALETTE.does}</span>
        <span className="grow" />
        <Keys of={keyOf('everywhere', 'palette')} />
      </button>
      <ErrorBoundary resetKey={shown ?? ''} instead={(error) => <NotLoaded error={error} onClose={close} />}>
        <Suspense
          fallback={<Awaited onType={(letter) => setAhead((text) => text + letter)} onClose={close} />}
        >
          {shown === 'palette' && (
            <Palette
              typedAhead={ahead}
              onClose={close}
              onSheet={() => setShown('sheet')}
              onStop={() => setShown('stop')}
            />
          )}
          {shown === 'sheet' && <KeySheet onClose={close} />}
        </Suspense>
      </ErrorBoundary>
      {shown === 'stop' && <StopDialog onClose={close} />}
    </>
  )
}

interface AwaitedProps {
  onType: (letter: string) => void
  onClose: () => void
}

/** Has the keys until the files are there: what is typed is meant for what was asked for, not for the page behind. */
function Awaited({ onType, onClose }: AwaitedProps) {
  useOwnKeyScope()
  const take = useEffectEvent((event: KeyboardEvent): void => {
    const { key, ctrlKey, metaKey, altKey } = event
    if (ctrlKey || metaKey || altKey) return
    event.preventDefault()
    if (key === 'Escape') onClose()
    else if (key.length === 1) onType(key)
  })
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent): void => take(event)
    window.addEventListener('keydown', onKey, { capture: true })
    return () => window.removeEventListener('keydown', onKey, { capture: true })
  }, [])
  return null
}

/**
 * The rest of the window goes on; a page that is older than the node asks for files that are gone. Browsers ask only
 * once for a file of a program, so that only loading the window anew helps.
 */
const NotLoaded = ({ error, onClose }: { error: Error; onClose: () => void }) => (
  <Dialog title="This part of the window did not open" onClose={onClose}>
    <p>
      Its files could not be loaded, or it has a bug. Another version of the node may run now: loading the
      window anew brings what belongs to it.
    </p>
    <code className="code">{error.message}</code>
    <div className="row dialog-acts">
      <Button onClick={onClose}>Close</Button>
      <span className="grow" />
      <Button variant="filled" data-autofocus onClick={() => window.location.reload()}>
        Load the window anew
      </Button>
    </div>
  </Dialog>
)
