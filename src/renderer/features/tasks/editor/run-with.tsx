import { Button, TextInput } from '@mantine/core'
import { LockIcon } from '@primer/octicons-react'
import { useState, type FormEvent } from 'react'
import type { Task } from '../../../../shared/domain/task.ts'
import { href, useRouter } from '../../../lib/router.ts'
import { useAct } from '../../../lib/use-act.ts'
import { useKeys } from '../../../lib/use-keys.ts'
import { tasksContext } from '../store.ts'
import { RunWhere } from './run-where.tsx'
import { newRow, rowIssues, rowsOf, valuesOf, type ValueRow } from './value-draft.ts'

/** One run with other parameters than the task has, or on a node that is named; the task stays as it is. */
export function RunWith({ task, onClose }: { task: Task; onClose: () => void }) {
  const base = rowsOf(task.parameters)
  const [rows, setRows] = useState<ValueRow[]>(base)
  const [nodeId, setNodeId] = useState<string | null>(null)
  const { run } = tasksContext.useApi().getState()
  const router = useRouter()
  const starting = useAct(`${task.taskName} was not started`)
  const issues = rowIssues('parameters', rows)
  const differs = (row: ValueRow): boolean =>
    JSON.stringify(row) !== JSON.stringify(base.find(({ id }) => id === row.id))
  const changed = rows.filter((row) => differs(row) && row.name.trim() !== '')
  const set = (next: ValueRow): void => setRows(rows.map((row) => (row.id === next.id ? next : row)))
  const start = (event: FormEvent): void => {
    event.preventDefault()
    const parameters = changed.length > 0 ? { parameters: valuesOf(changed) } : {}
    const other = { ...parameters, ...(nodeId && { nodeId }) }
    starting.start(async () => router.go(href(['history', await run(task.taskId, other)])))
  }
  useKeys({ Escape: onClose })
  return (
    <form className="run-with" aria-label="Run with other parameters" onSubmit={start}>
      <p className="t2 small">For this run only. What you leave as it is comes from the task.</p>
      <RunWhere nodeId={nodeId} onChange={setNodeId} />
      {rows.map((row) => (
        <div key={row.id} className={differs(row) ? 'run-with-row changed' : 'run-with-row'}>
          {base.some(({ id }) => id === row.id) ? (
            <label className="mono cut" htmlFor={`run-with-${row.id}`}>
              {row.name}
            </label>
          ) : (
            <TextInput
              aria-label="Name of parameter"
              placeholder="name"
              classNames={{ input: 'mono' }}
              value={row.name}
              onChange={(event) => set({ ...row, name: event.currentTarget.value })}
            />
          )}
          <TextInput
            id={`run-with-${row.id}`}
            aria-label={`Value of ${row.name || 'the new parameter'}`}
            type={row.secret ? 'password' : 'text'}
            autoComplete="off"
            placeholder={row.secret ? 'the secret of the task; type to use another' : ''}
            leftSection={row.secret ? <LockIcon size={12} /> : undefined}
            value={row.value}
            error={issues.find(({ path }) => path[1] === row.name.trim())?.message}
            onChange={(event) => set({ ...row, value: event.currentTarget.value })}
          />
        </div>
      ))}
      <div className="row">
        <button
          type="button"
          className="link small"
          onClick={() => setRows([...rows, newRow(Math.max(-1, ...rows.map(({ id }) => id)) + 1)])}
        >
          Add parameter
        </button>
        <span className="grow" />
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="filled" disabled={issues.length > 0} loading={starting.busy}>
          {changed.length === 0 ? 'Run as it is' : `Run with ${changed.length} changed`}
        </Button>
      </div>
    </form>
  )
}
