import { javascript } from '@codemirror/lang-javascript'
import { python } from '@codemirror/lang-python'
import { HighlightStyle, StreamLanguage, syntaxHighlighting } from '@codemirror/language'
import { powerShell } from '@codemirror/legacy-modes/mode/powershell'
import { shell } from '@codemirror/legacy-modes/mode/shell'
import { EditorState, type Extension } from '@codemirror/state'
import { EditorView, lineNumbers } from '@codemirror/view'
import { tags } from '@lezer/highlight'
import { useEffect, useRef } from 'react'

interface CodeViewProps {
  text: string
  /** A script type: bash, powershell, node, python; others are shown plain. */
  language: string | null
  label: string
}

/** Our own colours, so that code looks the same in both schemes and beside logs. */
const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.controlKeyword, tags.definitionKeyword], color: 'var(--accent)' },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: 'var(--success)' },
  { tag: [tags.comment, tags.meta], color: 'var(--text-3)', fontStyle: 'italic' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--timeout)' },
  { tag: [tags.variableName, tags.propertyName], color: 'var(--text)' },
  { tag: [tags.function(tags.variableName), tags.standard(tags.variableName)], color: 'var(--running)' },
])

const languageOf = (name: string | null): Extension => {
  switch (name) {
    case 'bash':
      return StreamLanguage.define(shell)
    case 'powershell':
      return StreamLanguage.define(powerShell)
    case 'node':
      return javascript({ typescript: true })
    case 'python':
      return python()
    case null:
    default:
      return []
  }
}

/** A text with the colours of its language, to be read. Loaded only where it is shown. */
export default function CodeView({ text, language, label }: CodeViewProps) {
  const parent = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!parent.current) return
    const view = new EditorView({
      parent: parent.current,
      state: EditorState.create({
        doc: text,
        extensions: [
          lineNumbers(),
          EditorState.readOnly.of(true),
          EditorView.editable.of(false),
          EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
          languageOf(language),
          syntaxHighlighting(colours),
        ],
      }),
    })
    return () => view.destroy()
  }, [text, language, label])
  return <div className="code-view" ref={parent} />
}
