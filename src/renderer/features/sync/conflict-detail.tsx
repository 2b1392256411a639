import { Button, SegmentedControl } from '@mantine/core'
import { AlertIcon } from '@primer/octicons-react'
import { useEffect, useState } from 'react'
import { useStore } from 'zustand'
import type { Conflict, SyncStatus } from '../../../shared/domain/sync.ts'
import { href } from '../../lib/router.ts'
import { useNamed } from '../../lib/trail.ts'
import { unless, useCommands } from '../../lib/use-commands.ts'
import { ErrorView } from '../../ui/error-view.tsx'
import { SkeletonRows } from '../../ui/skeleton-rows.tsx'
import { Keys } from '../../ui/text.tsx'
import { ChangedSince } from './changed-since.tsx'
import { DeletionChoice } from './deletion-choice.tsx'
import { allOf, decide, isChanged, readJson, startOf, toJson, type Draft } from './draft.ts'
import { FieldTable } from './field-table.tsx'
import { JsonEdit } from './json-edit.tsx'
import { NameChoice } from './name-choice.tsx'
import { conflictsContext } from './store.ts'
import { Story } from './story.tsx'
import { useDecide } from './use-decide.ts'
import { isOpen, nameOf } from './words.ts'

interface ConflictDetailProps {
  conflictId: string
  status: SyncStatus
  /** It was saved: the next one is to be shown. */
  onDecided: () => void
}

/** One conflict: what happened, both sides field by field, and the result that would be saved. */
export function ConflictDetail({ conflictId, status, onDecided }: ConflictDetailProps) {
  const conflicts = conflictsContext.useApi()
  const [view] = useState(() => conflicts.getState().createView(conflictId))
  useEffect(() => {
    void view.getState().load()
    return conflicts.getState().attach(view)
  }, [conflicts, view])
  const conflict = useStore(view, (state) => state.conflict)
  useNamed(conflict.status === 'ready' ? nameOf(conflict.data) : null)
  if (conflict.status === 'failed')
    return (
      <ErrorView
        what="The conflict could not be read"
        error={conflict.error}
        onRetry={() => void view.getState().load()}
      />
    )
  if (conflict.status !== 'ready') return <SkeletonRows rows={4} />
  return <Open conflict={conflict.data} status={status} onDecided={onDecided} />
}

/** What the parts of an open conflict are given. */
export interface PartProps {
  conflict: Conflict
  draft: Draft
  onDraft: (draft: Draft) => void
}

interface OpenProps extends Omit<ConflictDetailProps, 'conflictId'> {
  conflict: Conflict
}

function Open({ conflict, status, onDecided }: OpenProps) {
  const { conflictId } = conflict
  const { setDraft } = conflictsContext.useApi().getState()
  const written = conflictsContext.useState((state) => state.drafts[conflictId])
  const draft = written ?? startOf(conflict)
  const onDraft = (next: Draft): void => setDraft(conflictId, next)
  const part: PartProps = { conflict, draft, onDraft }
  return (
    <section className="cf-detail" aria-label={`Conflict: ${nameOf(conflict)}`}>
      <header className="cf-title">
        <div className="grow">
          <h1 className="cut">
            {conflict.current === null ? (
              nameOf(conflict)
            ) : (
              <a href={href(['tasks', conflict.recordId])}>{nameOf(conflict)}</a>
            )}
          </h1>
          <p className="t2 small">
            <Story conflict={conflict} status={status} />
          </p>
        </div>
        {conflict.kind === 'Edit' && <Mode {...part} />}
      </header>
      <div className="cf-body" tabIndex={-1}>
        <ChangedSince conflict={conflict} />
        <Choice {...part} status={status} />
      </div>
      <Foot {...part} onDecided={onDecided} />
    </section>
  )
}

function Choice({ status, ...part }: PartProps & { status: SyncStatus }) {
  switch (part.conflict.kind) {
    case 'Edit':
      return part.draft.json === null ? <FieldTable {...part} status={status} /> : <JsonEdit {...part} />
    case 'DeletedHere':
    case 'DeletedThere':
      return <DeletionChoice {...part} />
    case 'NameTaken':
      return <NameChoice {...part} />
  }
}

/** What does not parse keeps the person where it can be mended. */
function Mode({ conflict, draft, onDraft }: PartProps) {
  const read = readJson(conflict, draft)
  return (
    <SegmentedControl
      aria-label="How the result is made"
      data={[
        { value: 'fields', label: 'Fields', disabled: 'problem' in read },
        { value: 'json', label: 'Edit as JSON' },
      ]}
      value={draft.json === null ? 'fields' : 'json'}
      onChange={(mode) => {
        if (mode === 'json') onDraft({ ...draft, json: toJson(conflict, draft) })
        else if (!('problem' in read)) onDraft(read)
      }}
    />
  )
}

const GONE = 'The record is gone: take back its deletion in Changes first.'

function Foot({ conflict, draft, onDraft, onDecided }: PartProps & { onDecided: () => void }) {
  const { refusal, busy, start } = useDecide(conflict)
  const decision = decide(conflict, draft)
  const isSame = !isOpen(conflict) && !isChanged(conflict, draft)
  const problem =
    refusal ??
    (conflict.current === null ? GONE : null) ??
    ('problem' in decision ? decision.problem : isSame ? 'The record was given these values already.' : null)
  const save = (): void => {
    if (problem === null && !busy && !('problem' in decision)) start(decision, onDecided)
  }
  const take = (side: 'mine' | 'theirs') => (): void => onDraft(allOf(conflict, side))
  const canChoose = refusal === null && conflict.current !== null
  // A taken name is the same on both sides.
  const hasSides = conflict.kind !== 'NameTaken'
  const canTake = hasSides && conflict.current !== null
  useCommands('conflict', {
    mine: canTake ? unless(refusal, take('mine')) : undefined,
    theirs: canTake ? unless(refusal, take('theirs')) : undefined,
    save: unless(problem, save),
  })
  return (
    <footer className="cf-foot">
      <FootNote conflict={conflict} problem={'problem' in decision || canChoose === false ? problem : null} />
      <span className="grow" />
      {hasSides && (
        <>
          <TakeAll
            label="Take all mine"
            keyName="M"
            refusal={refusal}
            canChoose={canChoose}
            onClick={take('mine')}
          />
          <TakeAll
            label="Take all theirs"
            keyName="T"
            refusal={refusal}
            canChoose={canChoose}
            onClick={take('theirs')}
          />
        </>
      )}
      <Button
        variant="filled"
        rightSection={<Keys of="Ctrl ⏎" />}
        aria-keyshortcuts="Control+Enter"
        disabled={problem !== null}
        title={problem ?? undefined}
        loading={busy}
        onClick={save}
      >
        Save result
      </Button>
    </footer>
  )
}

interface TakeAllProps {
  label: string
  keyName: string
  canChoose: boolean
  refusal: string | null
  onClick: () => void
}

const TakeAll = ({ label, keyName, canChoose, refusal, onClick }: TakeAllProps) => (
  <Button
    rightSection={<Keys of={keyName} />}
    aria-keyshortcuts={keyName.toLowerCase()}
    disabled={!canChoose}
    title={refusal ?? undefined}
    onClick={onClick}
  >
    {label}
  </Button>
)

/** What holds until somebody saves, or why it cannot be saved. */
function FootNote({ conflict, problem }: { conflict: Conflict; problem: string | null }) {
  if (problem !== null)
    return (
      <span className="cut bad small" role="status" title={problem}>
        {problem}
      </span>
    )
  if (!isOpen(conflict)) return null
  return (
    <span className="row t2 small">
      <AlertIcon size={14} fill="var(--timeout)" aria-hidden />
      <span>
        Until you decide,{' '}
        {conflict.kind === 'NameTaken' ? (
          'it keeps the suffix'
        ) : (
          <b>{conflict.fields[0]?.taken ?? 'theirs'}</b>
        )}
        {conflict.kind !== 'NameTaken' && ' applies'}.
      </span>
    </span>
  )
}
