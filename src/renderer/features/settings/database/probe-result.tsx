import { Button } from '@mantine/core'
import type { DatabaseCheck, DatabaseProbe } from '../../../../shared/domain/database.ts'
import { things } from '../../../lib/format.ts'
import { dataOf } from '../../../lib/loadable.ts'
import { Shape } from '../../../ui/state.tsx'
import { Section } from '../../../ui/text.tsx'
import { Arriving } from './arriving.tsx'
import { CodeLine } from './code-line.tsx'
import { fieldAt } from './draft.ts'
import { databaseContext, type DatabaseAct } from './store.ts'
import { clockText, latencyText, schemaText } from './words.ts'

/** What was found where the draft points, what is missing there, and what can be done about it from here. */
export function ProbeResult() {
  const probe = databaseContext.useState((state) => state.probe)
  const failure = databaseContext.useState((state) => state.failure)
  const draft = databaseContext.useState((state) => state.draft)
  if (probe)
    return (
      <Arriving of={probe}>
        <Found probe={probe} />
      </Arriving>
    )
  const issues = failure?.error.issues ?? []
  // What a field shows is not said twice.
  const isShown = draft !== null && issues.length > 0 && issues.every(({ path }) => fieldAt(path, draft))
  if (!failure || isShown) return null
  return (
    <Arriving of={failure}>
      <Section title="Test">
        <p className="bad" role="alert">
          {REFUSED[failure.act]} {failure.error.message}
        </p>
      </Section>
    </Arriving>
  )
}

const REFUSED: Record<DatabaseAct, string> = {
  test: 'Not tested.',
  createSchema: 'Nothing was created.',
  migrate: 'Not migrated.',
  switch: 'Not switched.',
}

function Found({ probe }: { probe: DatabaseProbe }) {
  const failure = databaseContext.useState((state) => state.failure)
  const migrated = databaseContext.useState((state) => state.migrated)
  return (
    <Section title="Test" aside={<Acts probe={probe} />}>
      <Verdict probe={probe} />
      {failure && (
        <p className="bad" role="alert">
          {REFUSED[failure.act]} {failure.error.message}
        </p>
      )}
      {migrated && (
        <p role="status">
          {migrated.length === 0 ? 'Nothing was to be migrated.' : `Applied ${migrated.join(', ')}.`}
        </p>
      )}
      <dl className="facts database-facts">
        <dt>Database</dt>
        <dd>{probe.where}</dd>
        <dt>Server</dt>
        <dd>{probe.server ?? (probe.ok ? 'not there yet' : 'not known')}</dd>
        {probe.latencyMs !== null && (
          <>
            <dt>Latency</dt>
            <dd className="num">{latencyText(probe.latencyMs)}</dd>
          </>
        )}
        {probe.clockOffsetMs !== null && (
          <>
            <dt>Clock</dt>
            <dd className="num">{clockText(probe.clockOffsetMs)}</dd>
          </>
        )}
        <dt>Schema</dt>
        <dd>{schemaText(probe)}</dd>
      </dl>
      <ul className="settings-findings" aria-label="Checks of the database">
        {probe.checks.map((check) => (
          <CheckLine key={check.id} check={check} />
        ))}
      </ul>
    </Section>
  )
}

function Verdict({ probe }: { probe: DatabaseProbe }) {
  const missing = probe.checks.filter(({ ok, severity }) => !ok && severity === 'error').length
  return (
    <p className="row database-verdict" role="status">
      <Shape of={probe.ok ? 'Success' : 'Failed'} />
      <b className={probe.ok ? undefined : 'bad'}>
        {!probe.ok
          ? `A node cannot work on it yet${missing > 0 ? `: ${things(missing, 'thing')} to be mended` : ''}.`
          : probe.schemaNeeds === 'create'
            ? 'A node can work on it once its tables are created.'
            : 'A node can work on it.'}
      </b>
    </p>
  )
}

const CheckLine = ({ check: { ok, severity, what, detail, fix } }: { check: DatabaseCheck }) => (
  <li>
    <Shape of={ok ? 'Success' : severity === 'error' ? 'Failed' : 'Timeout'} />
    <span className="grow">
      <b>{what}</b> {!ok && <span className="hidden-text">{severity}</span>}
      <span className="t2">{detail}</span>
      {fix && !ok && <CodeLine text={fix} what={what} />}
    </span>
  </li>
)

/** Each act stands where it makes sense, and nowhere else. */
function Acts({ probe }: { probe: DatabaseProbe }) {
  const busy = databaseContext.useState((state) => state.busy)
  const copying = databaseContext.useState((state) => state.copying)
  const current = databaseContext.useState((state) => dataOf(state.current))
  const { createSchema, migrate, copy } = databaseContext.useApi().getState()
  const isElsewhere = probe.where !== current?.running
  const isCopied = copying?.state === 'done' && copying.to === probe.where
  const goesOn = probe.schemaNeeds === 'copy'
  const mayCopy = (probe.ok || goesOn) && isElsewhere && !isCopied && probe.schemaNeeds !== 'migrate'
  return (
    <span className="row">
      {probe.ok && probe.schemaNeeds === 'create' && (
        <Button loading={busy === 'createSchema'} onClick={() => void createSchema()}>
          Create schema
        </Button>
      )}
      {probe.schemaNeeds === 'migrate' && (
        <Button
          loading={busy === 'migrate'}
          title="Back the database up first: its schema cannot be taken back. Nodes of the version before go on."
          onClick={() => void migrate()}
        >
          Migrate
        </Button>
      )}
      {mayCopy && (
        <Button
          disabled={copying?.state === 'running'}
          title={copying?.state === 'running' ? 'A copy is going on already.' : undefined}
          onClick={() => void copy()}
        >
          {goesOn ? 'Go on with the copy' : "Copy this node's data there"}
        </Button>
      )}
    </span>
  )
}
