import { Button, Select, Switch, Textarea, TextInput } from '@mantine/core'
import { LockIcon } from '@primer/octicons-react'
import type { Setting, SettingLock } from '../../../shared/domain/settings.ts'
import { things } from '../../lib/format.ts'
import { useLocal } from '../../lib/local.ts'
import { useRefusal } from '../../lib/role.ts'
import { toastDone } from '../../lib/toast.ts'
import { useCommands } from '../../lib/use-commands.ts'
import { ErrorView } from '../../ui/error-view.tsx'
import { Field } from '../../ui/field.tsx'
import { NotSaved } from '../../ui/not-saved.tsx'
import { SkeletonRows } from '../../ui/skeleton-rows.tsx'
import { Code, Keys, Section } from '../../ui/text.tsx'
import {
  SETTING_GROUPS,
  textOf,
  valueOf,
  type SettingGroup,
  type SettingLook,
  type ValuesSection,
} from './catalogue.ts'
import { settingsContext } from './store.ts'

/** Keys of app.yaml as a form. */
export function Values({ section }: { section: ValuesSection }) {
  const settings = settingsContext.useState((state) => state.settings)
  const { load } = settingsContext.useApi().getState()
  if (settings.status === 'failed')
    return (
      <ErrorView what="The settings could not be read" error={settings.error} onRetry={() => void load()} />
    )
  if (settings.status !== 'ready') return <SkeletonRows rows={6} />
  const groups: readonly SettingGroup[] = SETTING_GROUPS[section]
  return (
    <>
      {groups.map(({ title, looks }) => (
        <Section key={title} title={title}>
          {looks.map((look) => {
            const setting = settings.data.settings.find(({ key }) => key === look.key)
            return setting && <Value key={look.key} look={look} setting={setting} />
          })}
        </Section>
      ))}
      <p className="t3 small settings-file">
        Kept in <Code>{settings.data.file}</Code>; its comments stay.
      </p>
      <SaveBar />
    </>
  )
}

const LOCKED: Record<SettingLock, string> = {
  local: "Only in app.yaml or in the desktop window of the node's own machine.",
  database: 'Changed in app.yaml, for the next start.',
  registered: 'Only for the first start.',
  version: 'This version has no other choice.',
}

function Value({ look, setting }: { look: SettingLook; setting: Setting }) {
  const draft = settingsContext.useState((state) => state.draft)
  const failure = settingsContext.useState((state) => state.failure)
  const refusal = useRefusal('admin')
  const { key, label, unit, kind } = look
  const id = `setting-${key}`
  const changed = key in draft
  const value = changed ? (draft[key] ?? null) : setting.value
  const issue = failure?.issues?.find(({ path }) => path.join('.') === key)?.message
  const readOnly = setting.lock !== null || refusal !== null
  return (
    <Field
      label={label}
      htmlFor={id}
      changed={changed}
      error={issue && `This ${issue}`}
      help={<Help look={look} setting={setting} />}
    >
      <span className="row">
        <Control
          id={id}
          kind={kind}
          value={textOf(value)}
          look={look}
          setting={setting}
          readOnly={readOnly}
        />
        {unit && <span className="t3">{unit}</span>}
        {readOnly && <LockIcon size={13} aria-hidden fill="var(--text-3)" />}
      </span>
    </Field>
  )
}

function Help({ look: { help }, setting }: { look: SettingLook; setting: Setting }) {
  const standard = textOf(setting.default).replace(/\n/g, ', ')
  return (
    <>
      {setting.lock && <span>{LOCKED[setting.lock]} </span>}
      {help && <span>{help} </span>}
      {setting.given && <span className="num">Default: {standard === '' ? 'none' : standard}. </span>}
      {setting.needsRestart && <b className="warn">Holds after a restart of the node.</b>}
    </>
  )
}

interface ControlProps {
  id: string
  kind: SettingLook['kind']
  value: string
  look: SettingLook
  setting: Setting
  readOnly: boolean
}

function Control({ id, kind, value, look, setting, readOnly }: ControlProps) {
  const { edit } = settingsContext.useApi().getState()
  const set = (typed: string): void => edit(setting.key, valueOf(typed, look.kind))
  const common = { id, readOnly, className: kind === 'number' ? 'setting-number' : 'grow' }
  switch (kind) {
    case 'switch':
      return (
        <Switch
          id={id}
          aria-readonly={readOnly}
          checked={value === 'true'}
          onChange={(event) => !readOnly && set(String(event.currentTarget.checked))}
        />
      )
    case 'choice':
      return (
        <Select
          {...common}
          data={look.choices ?? []}
          value={value}
          allowDeselect={false}
          onChange={(chosen) => set(chosen ?? '')}
        />
      )
    case 'lines':
      return (
        <Textarea
          {...common}
          autosize
          minRows={2}
          defaultValue={value}
          key={setting.value === null ? '' : textOf(setting.value)}
          onChange={(event) => set(event.currentTarget.value)}
        />
      )
    case 'number':
    case 'text':
      return (
        <TextInput
          {...common}
          inputMode={kind === 'number' ? 'numeric' : undefined}
          placeholder="none"
          value={value}
          onChange={(event) => set(event.currentTarget.value)}
        />
      )
  }
}

function SaveBar() {
  const draft = settingsContext.useState((state) => state.draft)
  const saving = settingsContext.useState((state) => state.saving)
  const failure = settingsContext.useState((state) => state.failure)
  const { save, discard } = settingsContext.useApi().getState()
  const local = useLocal()
  const changed = Object.keys(draft).length
  const write = (): void => {
    void save().then((saved) => {
      if (saved) toastDone(`Saved ${things(changed, 'setting')}`)
    })
  }
  useCommands('settings', { save: changed > 0 && !saving ? write : undefined })
  if (changed === 0) return null
  return (
    <div className="save">
      {failure && <NotSaved reason={failure.message} />}
      <div className="savebar">
        <span className="dot" aria-hidden />
        <b>{things(changed, 'setting')} changed</b>
        <span className="t3 grow">{local ? '' : 'Written to app.yaml of the node.'}</span>
        <Button onClick={discard}>Discard</Button>
        <Button
          variant="filled"
          rightSection={<Keys of="Ctrl S" />}
          aria-keyshortcuts="Control+S"
          loading={saving}
          onClick={write}
        >
          Save
        </Button>
      </div>
    </div>
  )
}
