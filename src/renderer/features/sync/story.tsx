import type { ReactNode } from 'react'
import type { Conflict, SyncStatus } from '../../../shared/domain/sync.ts'
import { things } from '../../lib/format.ts'
import { Clock } from '../../ui/time.tsx'
import { isByRule, isOpen, namesOf, nodeNameOf } from './words.ts'

/** What happened, in a sentence: who did what where, not knowing of what. */
export function Story({ conflict, status }: { conflict: Conflict; status: SyncStatus }) {
  return (
    <>
      <Happened conflict={conflict} status={status} /> <Decided conflict={conflict} />
    </>
  )
}

function Happened({ conflict, status }: { conflict: Conflict; status: SyncStatus }) {
  const { kind, fields, changedBy, changedAt, theirsBy, theirsAt } = conflict
  const here = (
    <>
      on {nodeNameOf(status, conflict.nodeId)} at <Clock at={changedAt} />
    </>
  )
  const there = theirsAt ? (
    <>
      in the cluster at <Clock at={theirsAt} />
    </>
  ) : (
    'in the cluster'
  )
  const [mine, theirs] = [changedBy ?? 'Somebody', theirsBy ?? 'somebody']
  switch (kind) {
    case 'Edit':
      return (
        <>
          {mine} edited it offline {here}, {theirs} {there}: {things(fields.length, 'field')} differ
          {fields.length === 1 && 's'}.
        </>
      )
    case 'DeletedHere':
      return (
        <>
          {mine} deleted it offline {here}; {theirs} had edited it {there}.
        </>
      )
    case 'DeletedThere':
      return (
        <>
          {mine} edited it offline {here}; {theirs} had deleted it {there}.
        </>
      )
    case 'NameTaken':
      return (
        <>
          {mine} named it “{namesOf(conflict).asked}” offline {here}; another one had got that name meanwhile.
        </>
      )
  }
}

const STAYS: Record<Conflict['kind'], string> = {
  Edit: 'The newer edit of each field was taken.',
  DeletedHere: 'An edit is stronger than a deletion that had not seen it: it stayed.',
  DeletedThere: 'An edit is stronger than a deletion that had not seen it: it came back.',
  NameTaken: 'It got a suffix, as files do.',
}

function Decided({ conflict }: { conflict: Conflict }): ReactNode {
  const { kind, resolvedAt, resolvedBy } = conflict
  if (isByRule(conflict) || (isOpen(conflict) && kind !== 'Edit')) return STAYS[kind]
  if (resolvedAt === null) return null
  return (
    <>
      {resolvedBy} decided it at <Clock at={resolvedAt} />.
    </>
  )
}
