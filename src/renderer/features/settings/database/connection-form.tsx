import { Button, SegmentedControl } from '@mantine/core'
import { useEffect, useState } from 'react'
import {
  DATABASE_TYPES,
  hasIntegratedSecurity,
  isFile,
  USUAL_PORTS,
  type DatabaseType,
} from '../../../../shared/domain/database.ts'
import { Field } from '../../../ui/field.tsx'
import { Chip, Keys, Section } from '../../../ui/text.tsx'
import { IntegratedField, PasswordField, SslField, TextField } from './connection-fields.tsx'
import { fieldAt, fieldsOf, type DatabaseDraft } from './draft.ts'
import { databaseContext } from './store.ts'
import { TYPE_WORDS } from './words.ts'

/** Which database, and how to get there. Enter tests it. */
export function ConnectionForm({ draft }: { draft: DatabaseDraft }) {
  const busy = databaseContext.useState((state) => state.busy)
  const { test, cancelTest } = databaseContext.useApi().getState()
  useWrongFieldFocused(draft)
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void test()
      }}
    >
      <Section
        title="Connection"
        aside={
          <span className="row">
            {busy === 'test' && <Button onClick={cancelTest}>Cancel</Button>}
            <Button
              type="submit"
              loading={busy === 'test'}
              disabled={busy !== null && busy !== 'test'}
              rightSection={<Keys of="Enter" />}
            >
              Test connection
            </Button>
          </span>
        }
      >
        <TypeField draft={draft} />
        {isFile(draft.type) ? <FileField /> : <ServerFields draft={draft} />}
        <TextField
          field="timeout"
          label="Timeout"
          unit="seconds"
          help="Until a query is given up, or the wait for another program's lock."
        />
        {!isFile(draft.type) && (
          <TextField
            field="poolSize"
            label="Connections"
            unit="of this node"
            help="Each node takes its own, and one more; the server must allow their sum."
          />
        )}
      </Section>
    </form>
  )
}

/** A refusal names a field, which may be far from the button. */
const useWrongFieldFocused = (draft: DatabaseDraft): void => {
  const failure = databaseContext.useState((state) => state.failure)
  const [path = []] = failure?.error.issues?.map((issue) => issue.path) ?? []
  const field = fieldAt(path, draft)
  useEffect(() => {
    if (failure && field) document.getElementById(`database-${field}`)?.focus()
  }, [failure, field])
}

const isType = (text: string): text is DatabaseType => DATABASE_TYPES.some((type) => type === text)

function TypeField({ draft }: { draft: DatabaseDraft }) {
  const { edit } = databaseContext.useApi().getState()
  const changed = databaseContext.useState((state) => state.changed.includes('type'))
  const data = DATABASE_TYPES.map((type) => ({
    value: type,
    label: TYPE_WORDS[type].isPreview ? (
      <span className="row">
        {TYPE_WORDS[type].name} <Chip>Preview</Chip>
      </span>
    ) : (
      TYPE_WORDS[type].name
    ),
  }))
  return (
    <Field label="Type" changed={changed} help={TYPE_WORDS[draft.type].help}>
      <SegmentedControl
        aria-label="Type"
        value={draft.type}
        data={data}
        onChange={(type) => isType(type) && edit({ type })}
      />
    </Field>
  )
}

const FileField = () => (
  <TextField
    field="path"
    label="File"
    placeholder="pswebhost.db"
    help="On this machine; from the data folder, or absolute. Not on a network share."
  />
)

function ServerFields({ draft }: { draft: DatabaseDraft }) {
  const words = TYPE_WORDS[draft.type]
  const port = isFile(draft.type) ? '' : String(USUAL_PORTS[draft.type])
  const asked = fieldsOf(draft)
  return (
    <>
      <TextField field="server" label="Server" placeholder="db.example" help={words.server} />
      <TextField field="port" label="Port" placeholder={port} help={`Empty: ${port}, the usual one.`} />
      <TextField
        field="database"
        label="Database"
        help="It must be there already; the tables in it can be created from here."
      />
      {hasIntegratedSecurity(draft.type) && <IntegratedField draft={draft} />}
      {asked.includes('username') && (
        <>
          <TextField field="username" label="Account" help={words.account} />
          <PasswordField draft={draft} />
        </>
      )}
      <SslField draft={draft} />
      {draft.ssl !== 'false' && <CertificateFields draft={draft} />}
    </>
  )
}

/** Few servers need them: they come when they are asked for. */
function CertificateFields({ draft }: { draft: DatabaseDraft }) {
  const [asked, setAsked] = useState(false)
  const named = [draft.ca, draft.cert, draft.key].some((path) => path !== '')
  if (!asked && !named)
    return (
      <Field
        label="Certificates"
        help="Where your own authority signed the server's, or the server asks for one of this node."
      >
        <Button onClick={() => setAsked(true)}>Name files…</Button>
      </Field>
    )
  return (
    <>
      <TextField
        field="ca"
        label="Signed by"
        placeholder="the authorities this machine trusts"
        help="PEM file of whoever signed the server's certificate."
      />
      <TextField
        field="cert"
        label="Certificate"
        help="PEM file of this node's own, where the server asks for one."
      />
      <TextField field="key" label="Its key" help="PEM file; needed with a certificate." />
    </>
  )
}
