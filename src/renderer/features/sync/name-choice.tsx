import { Radio, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { ConflictField } from '../../../shared/domain/sync.ts'
import { valueText } from '../../lib/field-values.ts'
import type { PartProps } from './conflict-detail.tsx'
import { resultOf, takeSide, typeField } from './draft.ts'
import { namesOf } from './words.ts'

/** The name that was asked for, the one that was given, or another one. */
export function NameChoice(part: PartProps) {
  const [name] = part.conflict.fields
  return name && <Names name={name} {...part} />
}

function Names({ name, conflict, draft, onDraft }: PartProps & { name: ConflictField }) {
  const { asked, given } = namesOf(conflict)
  const result = resultOf(name, draft)
  const now = 'value' in result ? valueText(result.value) : ''
  const pick = draft.picks[name.field]?.of
  // Whoever types passes by names that stand above: the field stays.
  const [typing, setTyping] = useState(pick === 'own' && now !== given)
  const way = pick !== 'own' ? 'asked' : typing ? 'other' : 'given'
  const type = (text: string): void => onDraft(typeField(draft, name.field, JSON.stringify(text)))
  return (
    <div className="cf-ways">
      <p>
        <del className="mono">{asked}</del> → <ins className="mono">{given}</ins>
      </p>
      <Radio.Group
        aria-label="Which name it has"
        value={way}
        onChange={(next) => {
          setTyping(next === 'other')
          if (next === 'asked') onDraft(takeSide(conflict, draft, name.field, 'mine'))
          else type(given)
        }}
      >
        <Radio value="given" label={`Keep “${given}”`} description="Nothing else changes: both are there." />
        <Radio
          value="asked"
          label={`Name it “${asked}” after all`}
          description="Only once the other one has another name, or is gone."
        />
        <Radio value="other" label="Another name" />
      </Radio.Group>
      {way === 'other' && (
        <TextInput
          aria-label="Name"
          value={now}
          maxLength={200}
          onChange={(event) => type(event.currentTarget.value)}
        />
      )}
    </div>
  )
}
