import type { ReactNode } from 'react'
import { useDescription } from '../lib/use-description.ts'

interface FieldProps {
  label: string
  /** The id of the control, for its label; without one the body names its controls itself. */
  htmlFor?: string
  changed?: boolean
  help?: ReactNode
  /** Where there is no one control: the id of the help, for what it describes. */
  helpId?: string
  error?: string | undefined
  children: ReactNode
}

/** A line of a form: label at the left, accent bar while it differs from what is saved, error under the field. */
export function Field({ label, htmlFor, changed, help, helpId, error, children }: FieldProps) {
  const helped = helpId ?? (htmlFor && `${htmlFor}-help`)
  useDescription(htmlFor, [error && `${htmlFor}-error`, help && helped].filter(Boolean).join(' '))
  return (
    <div className={`field ${changed ? 'changed' : ''}`}>
      {htmlFor ? (
        <label className="field-label" htmlFor={htmlFor}>
          {label}
        </label>
      ) : (
        <span className="field-label">{label}</span>
      )}
      <div className="field-body">
        {children}
        {error && (
          <p className="field-error" role="alert" id={htmlFor ? `${htmlFor}-error` : undefined}>
            {error}
          </p>
        )}
        {help && (
          <div className="field-help" id={helped}>
            {help}
          </div>
        )}
      </div>
    </div>
  )
}
