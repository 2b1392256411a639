import { lazy, Suspense, useEffect, useState } from 'react'
import type { ScriptPreview } from '../../../../shared/domain/script.ts'
import { bytes } from '../../../lib/format.ts'
import { idle, settle, type Loadable } from '../../../lib/loadable.ts'
import { useRefusal } from '../../../lib/role.ts'
import { Clock } from '../../../ui/time.tsx'
import { editorContext } from './store.ts'

// As large as the rest of the window: it comes when somebody looks at a script.
const CodeView = lazy(() => import('../../../ui/code-view.tsx'))

const PAUSE_MS = 400

/** The script as it lies on the node that answers, folded until somebody asks for it. */
export function ScriptPreviewPart() {
  const scriptPath = editorContext.useState((state) => state.draft.scriptPath.trim())
  const [open, setOpen] = useState(false)
  if (useRefusal('admin') !== null || scriptPath === '') return null
  return (
    <div className="script-preview">
      <button type="button" className="link small" aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? 'Hide the script' : 'Show the script'}
      </button>
      {open && <Preview scriptPath={scriptPath} />}
    </div>
  )
}

function Preview({ scriptPath }: { scriptPath: string }) {
  const { readScript } = editorContext.useApi().getState()
  const scriptType = editorContext.useState((state) => state.draft.scriptType)
  const [preview, setPreview] = useState<Loadable<ScriptPreview>>(idle)
  useEffect(() => {
    let stale = false
    // Once typing pauses; what is shown stays until the other script is there.
    const timer = setTimeout(() => {
      void settle<ScriptPreview>(idle, readScript(scriptPath)).then((read) => {
        if (!stale) setPreview(read)
      })
    }, PAUSE_MS)
    return () => {
      stale = true
      clearTimeout(timer)
    }
  }, [readScript, scriptPath])
  if (preview.status === 'failed') return <p className="bad small">{preview.error.message}</p>
  if (preview.status !== 'ready') return <p className="t3 small">Reading it…</p>
  const script = preview.data
  if (!script.found) return <p className="warn small">{script.reason}</p>
  return (
    <>
      <p className="t3 small">
        <span className="mono">{script.path}</span>, <span className="num">{bytes(script.bytes)}</span>,
        changed <Clock at={script.modifiedAt} />, SHA-256{' '}
        <span className="mono">{script.hash.slice(0, 12)}…</span>
      </p>
      {script.text === null ? (
        <p className="t2 small">It is a program, not a text.</p>
      ) : (
        <Suspense fallback={<p className="t3 small">Reading it…</p>}>
          <CodeView text={script.text} language={scriptType || script.scriptType} label="Script" />
        </Suspense>
      )}
      {script.truncated && <p className="warn small">Only its beginning is shown.</p>}
    </>
  )
}
