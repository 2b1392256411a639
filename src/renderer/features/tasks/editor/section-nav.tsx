import { AlertIcon } from '@primer/octicons-react'
import type { DraftField } from './draft.ts'
import { HelpSwitch } from './help-switch.tsx'
import { editorContext } from './store.ts'

/** The sections of the form and the fields each holds. */
const SECTIONS: readonly { id: string; title: string; fields: readonly DraftField[] }[] = [
  { id: 'general', title: 'General', fields: ['taskName', 'appName', 'description', 'tags', 'enabled'] },
  { id: 'script', title: 'Script', fields: ['scriptPath', 'scriptType', 'scriptHash'] },
  { id: 'schedule', title: 'Schedule', fields: ['schedule', 'timeZone', 'misfirePolicy', 'misfireWindow'] },
  { id: 'parameters', title: 'Parameters', fields: ['parameters'] },
  { id: 'environment', title: 'Environment', fields: ['environment'] },
  {
    id: 'target',
    title: 'Target',
    fields: ['assignedNodeId', 'assignedNodeGroup', 'assignedNodeRole', 'runOn'],
  },
  {
    id: 'execution',
    title: 'Execution',
    fields: [
      'timeout',
      'maxRetries',
      'retryDelay',
      'retryBackoff',
      'overlapPolicy',
      'priority',
      'onLeaseLost',
      'limits',
    ],
  },
  { id: 'record', title: 'Record', fields: [] },
]

/** Where in the form one is: a dot where something differs, a mark where something is wrong. */
export function SectionNav({ isNew }: { isNew: boolean }) {
  const changed = editorContext.useState((state) => state.changed)
  const issues = editorContext.useState((state) => state.issues)
  const touched = editorContext.useState((state) => state.touched)
  const isShown = (field: DraftField): boolean => touched === 'all' || touched.has(field)
  const goTo = (id: string): void => {
    const section = document.getElementById(`section-${id}`)
    section?.scrollIntoView({ block: 'start' })
    section?.querySelector<HTMLElement>('input, textarea, button, a')?.focus({ preventScroll: true })
  }
  return (
    <nav className="ed-nav" aria-label="Sections of the task">
      {SECTIONS.filter(({ id }) => !(isNew && id === 'record')).map(({ id, title, fields }) => {
        const wrong = fields.some((field) => isShown(field) && issues.some(({ path }) => path[0] === field))
        const differs = fields.some((field) => changed.includes(field))
        return (
          <button key={id} type="button" onClick={() => goTo(id)}>
            {title}
            {wrong ? (
              <AlertIcon size={12} aria-label="something is wrong here" />
            ) : (
              differs && <span className="dot" role="img" aria-label="changed" />
            )}
          </button>
        )
      })}
      <HelpSwitch />
    </nav>
  )
}
