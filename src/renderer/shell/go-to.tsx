import { Button } from '@mantine/core'
import { SearchIcon } from '@primer/octicons-react'
import { lazy, Suspense, useEffect, useState } from 'react'
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
  const close = (): void => setShown(null)
  const open = (): void => setShown('palette')
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
        <Suspense fallback={null}>
          {shown === 'palette' && (
            <Palette onClose={close} onSheet={() => setShown('sheet')} onStop={() => setShown('stop')} />
          )}
          {shown === 'sheet' && <KeySheet onClose={close} />}
        </Suspense>
      </ErrorBoundary>
      {shown === 'stop' && <StopDialog onClose={close} />}
    </>
  )
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
