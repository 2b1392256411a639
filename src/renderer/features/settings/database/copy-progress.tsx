import { Button } from '@mantine/core'
import type { CopyProgress as Step } from '../../../../shared/domain/database.ts'
import { count, things } from '../../../lib/format.ts'
import { Shape } from '../../../ui/state.tsx'
import { Section } from '../../../ui/text.tsx'
import { Arriving } from './arriving.tsx'
import { databaseContext, type Copying } from './store.ts'

/** A copy, table by table: how far it is, and at the end what was compared. */
export function CopyProgress() {
  const copying = databaseContext.useState((state) => state.copying)
  const { cancelCopy } = databaseContext.useApi().getState()
  if (!copying) return null
  return (
    <Arriving of={copying.state}>
      <Section
        title="Copy"
        aside={copying.state === 'running' && <Button onClick={cancelCopy}>Cancel</Button>}
      >
        <Outcome copying={copying} />
        {copying.state === 'done' ? <Compared copying={copying} /> : <Steps steps={copying.steps} />}
      </Section>
    </Arriving>
  )
}

function Outcome({ copying }: { copying: Copying }) {
  const { to } = copying
  switch (copying.state) {
    case 'running':
      return (
        <p className="t2" role="status">
          Copying to {to}. What changes here meanwhile is not in the copy.
        </p>
      )
    case 'cancelled':
      return (
        <p role="status">Cancelled. What stands in {to} is incomplete: a copy to it goes on from there.</p>
      )
    case 'failed':
      return (
        <p className="bad" role="alert">
          The copy to {to} failed: {copying.error.message}
        </p>
      )
    case 'done': {
      const rows = copying.result.tables.reduce((sum, table) => sum + table.rows, 0)
      return (
        <p className="row" role="status">
          <Shape of="Success" />
          <span>
            {things(rows, 'row')} of {things(copying.result.tables.length, 'table')} are in {to} and equal on
            both sides.
          </span>
        </p>
      )
    }
  }
}

const Steps = ({ steps }: { steps: readonly Step[] }) => (
  <ul className="copy-steps">
    {steps.map(({ table, phase, done, total }) => (
      <li key={table}>
        <b className="cut">{table}</b>
        <progress aria-label={`${PHASES[phase]} ${table}`} value={done} max={Math.max(total, 1)} />
        <span className="t2">{done === total && phase === 'verify' ? 'compared' : PHASES[phase]}</span>
        <span className="num t3 right">
          {count(done)} of {count(total)}
        </span>
      </li>
    ))}
  </ul>
)

const PHASES: Record<Step['phase'], string> = { copy: 'copying', verify: 'comparing' }

const Compared = ({ copying }: { copying: Extract<Copying, { state: 'done' }> }) => (
  <table className="copy-result">
    <thead>
      <tr>
        <th scope="col">Table</th>
        <th scope="col" className="right">
          Rows
        </th>
        <th scope="col">SHA-256 of both</th>
      </tr>
    </thead>
    <tbody>
      {copying.result.tables.map(({ table, rows, checksum }) => (
        <tr key={table}>
          <th scope="row">{table}</th>
          <td className="num right">{count(rows)}</td>
          <td className="mono cut" title={checksum}>
            {checksum}
          </td>
        </tr>
      ))}
    </tbody>
  </table>
)
