import type { Setting } from '../../../../shared/domain/settings.ts'
import { dataOf } from '../../../lib/loadable.ts'
import { ErrorView } from '../../../ui/error-view.tsx'
import { SkeletonRows } from '../../../ui/skeleton-rows.tsx'
import { Code, Section } from '../../../ui/text.tsx'
import { textOf } from '../catalogue.ts'
import { settingsContext } from '../store.ts'
import { SSL_CHOICES } from './draft.ts'
import { SSL_WORDS } from './words.ts'

const FACTS: readonly { key: string; label: string; of: 'all' | 'file' | 'server' }[] = [
  { key: 'database.type', label: 'Type', of: 'all' },
  { key: 'database.connection.path', label: 'File', of: 'file' },
  { key: 'database.connection.server', label: 'Server', of: 'server' },
  { key: 'database.connection.port', label: 'Port', of: 'server' },
  { key: 'database.connection.database', label: 'Database', of: 'server' },
  { key: 'database.connection.username', label: 'Account', of: 'server' },
  { key: 'database.connection.ssl', label: 'Encryption', of: 'server' },
  { key: 'database.options.timeout', label: 'Timeout, seconds', of: 'all' },
  { key: 'database.options.poolSize', label: 'Connections', of: 'server' },
]

/** The same from afar: to be read, and why it is not changed here. */
export function DatabaseFacts() {
  const settings = settingsContext.useState((state) => state.settings)
  const { load } = settingsContext.useApi().getState()
  if (settings.status === 'failed')
    return (
      <ErrorView what="The settings could not be read" error={settings.error} onRetry={() => void load()} />
    )
  if (settings.status !== 'ready') return <SkeletonRows rows={6} />
  const known = new Map(settings.data.settings.map((setting) => [setting.key, setting]))
  const kind = known.get('database.type')?.value === 'SQLite' ? 'file' : 'server'
  return (
    <Section title="Connection">
      <dl className="facts">
        {FACTS.filter(({ of }) => of === 'all' || of === kind).map(({ key, label }) => (
          <Fact key={key} label={label} setting={known.get(key)} />
        ))}
      </dl>
      <p className="t2 database-why">
        Read-only here: whoever chooses the database chooses what the node runs. It is changed on the
        node&apos;s own machine, in its desktop window or in <Code>{settings.data.file}</Code>;{' '}
        <Code>migrate</Code> and <Code>copy-database --to FILE</Code> are commands there.
      </p>
    </Section>
  )
}

/** Of both: it changes in the file only, for the next start. */
export function ChangeLogFacts() {
  const settings = settingsContext.useState((state) => dataOf(state.settings))
  if (!settings) return null
  const valueOf = (key: string) => settings.settings.find((setting) => setting.key === key)?.value
  const isKept = valueOf('database.options.enableChangeTracking') !== false
  return (
    <Section title="Change log">
      <dl className="facts">
        <dt>Kept</dt>
        <dd>
          {isKept ? 'yes: every change, field by field, with undo' : 'no: nothing can be undone or synced'}
        </dd>
        <dt>Compression</dt>
        <dd>{textOf(valueOf('database.options.compressionLevel') ?? null)} of 9, where it is SQLite</dd>
      </dl>
      <p className="t3 small database-why">
        Changed in <Code>{settings.file}</Code>, for the next start.
      </p>
    </Section>
  )
}

function Fact({ label, setting }: { label: string; setting: Setting | undefined }) {
  if (!setting) return null
  const text = textOf(setting.value)
  const ssl = SSL_CHOICES.find((choice) => choice === text)
  return (
    <>
      <dt>{label}</dt>
      <dd>
        {setting.key.endsWith('.ssl') && ssl !== undefined ? SSL_WORDS[ssl] : text || 'none'}
        {setting.needsRestart && <b className="warn"> holds after a restart of the node</b>}
      </dd>
    </>
  )
}
