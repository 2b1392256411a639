import { useStore, type StoreApi } from 'zustand'
import type { ChangeDetail, FieldChange, Image } from '../../../shared/domain/change.ts'
import { isObject, isSecret, meaningOf, valueText } from '../../lib/field-values.ts'
import { FieldValue, Meaning, SecretMark } from '../../ui/field-value.tsx'
import { InlineDiff } from '../../ui/inline-diff.tsx'
import type { ChangeViewState } from './change-store.ts'
import { isKept, shownFields } from './words.ts'

/** Field by field: what was there, what came, and what is there now if that is something else again. */
export function Fields({ change, store }: { change: ChangeDetail; store: StoreApi<ChangeViewState> }) {
  const fields = shownFields(change.diff)
  const now = useStore(store, (state) => state.now)
  return (
    <table className="fields">
      <thead>
        <tr>
          <th>Field</th>
          {change.action !== 'INSERT' && <th>Before</th>}
          {change.action !== 'DELETE' && <th>After</th>}
        </tr>
      </thead>
      <tbody>
        {fields.map((field) => (
          <tr key={field.field} className={isKept(field.field) ? 't3' : ''}>
            <th scope="row" className="mono">
              {field.field}
            </th>
            {change.action !== 'INSERT' && <Value of={field} side="old" whole={change.action === 'DELETE'} />}
            {change.action !== 'DELETE' && (
              <Value of={field} side="new" whole={change.action === 'INSERT'} now={nowOf(field, now)} />
            )}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

interface ValueProps {
  of: FieldChange
  side: 'old' | 'new'
  /** There is no other side: nothing inside the value differs. */
  whole: boolean
  /** The value of today, where it is neither; undefined: it is still this one. */
  now?: FieldChange['new'] | undefined
}

function Value({ of: field, side, whole, now }: ValueProps) {
  const value = field[side]
  const other = field[side === 'old' ? 'new' : 'old']
  if (value === null)
    return (
      <td className="t3">
        –<Now value={now} field={field.field} />
      </td>
    )
  if (isSecret(value))
    return (
      <td>
        <SecretMark>
          {side === 'new' && isSecret(other) ? (
            <>
              secret, <b>replaced</b>
            </>
          ) : (
            'secret'
          )}
        </SecretMark>
      </td>
    )
  return (
    <td>
      {whole || isKept(field.field) ? (
        <FieldValue field={field.field} value={value} />
      ) : (
        <>
          <InlineDiff before={sideText(field.old)} after={sideText(field.new)} side={side} />
          <Meaning field={field.field} value={value} />
        </>
      )}
      <Now value={now} field={field.field} />
    </td>
  )
}

const sideText = (value: FieldChange['old']): string =>
  value === null || isSecret(value) ? '' : valueText(value)

/** `parameters.host` of an image; undefined where the field kept what the change wrote, or nobody knows. */
const nowOf = ({ field, new: written }: FieldChange, now: Image | null): FieldChange['new'] | undefined => {
  if (now === null || isKept(field)) return undefined
  const [name = '', ...inner] = field.split('.')
  const whole = now[name] ?? null
  const value = inner.length === 0 ? whole : isObject(whole) ? (whole[inner.join('.')] ?? null) : null
  return JSON.stringify(value) === JSON.stringify(written) ? undefined : value
}

function Now({ value, field }: { value: FieldChange['new'] | undefined; field: string }) {
  if (value === undefined) return null
  const text =
    value === null ? 'nothing' : isSecret(value) ? 'a secret' : (meaningOf(field, value) ?? valueText(value))
  return (
    <div className="small warn">
      now: <span className="mono">{text}</span>
    </div>
  )
}
