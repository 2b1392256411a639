import { MergeView } from '@codemirror/merge'
import { EditorState, type Extension } from '@codemirror/state'
import { EditorView, lineNumbers } from '@codemirror/view'
import { useEffect, useRef } from 'react'

interface MergeTextsProps {
  before: string
  after: string
  /** Names of both sides, for those who do not see them side by side. */
  labels: readonly [string, string]
}

const side = (label: string): Extension => [
  lineNumbers(),
  EditorState.readOnly.of(true),
  EditorView.editable.of(false),
  EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
  EditorView.lineWrapping,
]

/** Two texts side by side; stretches where they agree are folded. Loaded only where it is shown. */
export default function MergeTexts({ before, after, labels }: MergeTextsProps) {
  const parent = useRef<HTMLDivElement>(null)
  const [left, right] = labels
  useEffect(() => {
    if (!parent.current) return
    const view = new MergeView({
      parent: parent.current,
      a: { doc: before, extensions: side(left) },
      b: { doc: after, extensions: side(right) },
      collapseUnchanged: { margin: 3, minSize: 6 },
      gutter: true,
    })
    return () => view.destroy()
  }, [before, after, left, right])
  return <div className="merge" ref={parent} />
}
