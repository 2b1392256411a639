import { Button, PasswordInput, Select, Switch, TextInput } from '@mantine/core'
import { LockIcon } from '@primer/octicons-react'
import type { ReactNode } from 'react'
import { issueAt } from '../../../lib/app-error.ts'
import { dataOf } from '../../../lib/loadable.ts'
import { Field } from '../../../ui/field.tsx'
import { keepsPassword, pathOf, SSL_CHOICES, type DatabaseDraft, type DatabaseField } from './draft.ts'
import { databaseContext } from './store.ts'
import { SSL_WORDS } from './words.ts'

/** The fields of a connection, each with its help, its error and whether it differs from the file. */

export function IntegratedField({ draft }: { draft: DatabaseDraft }) {
  const { edit } = databaseContext.useApi().getState()
  return (
    <Line field="integratedSecurity" label="Sign in" help="Its name as DOMAIN\user, with its password.">
      <Switch
        id="database-integratedSecurity"
        label="with a Windows account"
        checked={draft.integratedSecurity}
        onChange={(event) => edit({ integratedSecurity: event.currentTarget.checked })}
      />
    </Line>
  )
}

export function SslField({ draft }: { draft: DatabaseDraft }) {
  const { edit } = databaseContext.useApi().getState()
  const risky = draft.ssl === 'no-verify' || draft.ssl === 'false'
  return (
    <Line
      field="ssl"
      label="Encryption"
      help={
        risky
          ? 'Whoever is between this node and the server can read and change what nodes run.'
          : "TLS, and the server's certificate is checked."
      }
    >
      <Select
        id="database-ssl"
        className="grow"
        data={SSL_CHOICES.map((value) => ({ value, label: SSL_WORDS[value] }))}
        value={draft.ssl}
        onChange={(value) => edit({ ssl: SSL_CHOICES.find((choice) => choice === value) ?? '' })}
      />
    </Line>
  )
}

/** A secret is never shown, and not its length: it is set, or it is typed anew. */
export function PasswordField({ draft }: { draft: DatabaseDraft }) {
  const saved = databaseContext.useState((state) => dataOf(state.current))
  const { edit } = databaseContext.useApi().getState()
  const hasOne = saved !== null && saved.target.connection.password !== null
  if (saved && keepsPassword(draft, saved.target))
    return (
      <Line field="password" label="Password" bare help="Kept in app.yaml, readable by this node only.">
        <span className="row">
          <LockIcon size={13} aria-hidden fill="var(--text-3)" /> secret is set
          <Button onClick={() => edit({ password: '' })}>Change…</Button>
        </span>
      </Line>
    )
  return (
    <Line
      field="password"
      label="Password"
      help={
        hasOne && draft.password === null
          ? 'The one that is set is for its own server and account only.'
          : 'Written to app.yaml encrypted; only this node can read it there.'
      }
    >
      <span className="row">
        <PasswordInput
          id="database-password"
          className="grow"
          autoComplete="off"
          placeholder="none"
          value={draft.password ?? ''}
          onChange={(event) => edit({ password: event.currentTarget.value })}
        />
        {hasOne && draft.password !== null && (
          <Button onClick={() => edit({ password: null })}>Keep the one that is set</Button>
        )}
      </span>
    </Line>
  )
}

interface LineProps {
  field: DatabaseField
  label: string
  help: ReactNode
  /** There is no control to be named. */
  bare?: boolean
  children: ReactNode
}

/** The line of one field: its error from the last act, and whether it differs from the file. */
function Line({ field, label, help, bare, children }: LineProps) {
  const changed = databaseContext.useState((state) => state.changed.includes(field))
  const error = useIssue(field)
  return (
    <Field
      label={label}
      {...(!bare && { htmlFor: `database-${field}` })}
      changed={changed}
      help={help}
      error={error && `${label} ${error}.`}
    >
      {children}
    </Field>
  )
}

const useIssue = (field: DatabaseField): string | undefined =>
  databaseContext.useState((state) => issueAt(state.failure?.error.issues ?? [], ...pathOf(field)))

interface TextFieldProps {
  field: Exclude<DatabaseField, 'type' | 'ssl' | 'integratedSecurity' | 'password'>
  label: string
  help: string
  placeholder?: string
  unit?: string
}

const NUMBERS: readonly DatabaseField[] = ['port', 'timeout', 'poolSize']

export function TextField({ field, label, help, placeholder, unit }: TextFieldProps) {
  const value = databaseContext.useState((state) => state.draft?.[field] ?? '')
  const error = useIssue(field)
  const { edit } = databaseContext.useApi().getState()
  const isNumber = NUMBERS.includes(field)
  const id = `database-${field}`
  return (
    <Line field={field} label={label} help={help}>
      <span className="row">
        <TextInput
          id={id}
          className={isNumber ? 'setting-number' : 'grow'}
          inputMode={isNumber ? 'numeric' : undefined}
          placeholder={placeholder ?? 'none'}
          spellCheck={false}
          autoComplete="off"
          error={error !== undefined}
          aria-describedby={error ? `${id}-error` : undefined}
          value={value}
          onChange={(event) => edit({ [field]: event.currentTarget.value })}
        />
        {unit && <span className="t3">{unit}</span>}
      </span>
    </Line>
  )
}
