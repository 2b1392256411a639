import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Finding } from '../../../shared/domain/system.ts'
import { isFile } from '../../../shared/domain/database.ts'
import { dataOf } from '../../lib/loadable.ts'
import { toastDone } from '../../lib/toast.ts'
import { useAct } from '../../lib/use-act.ts'
import { systemContext } from '../../shell/system-store.ts'
import { Shape } from '../../ui/state.tsx'
import { Code, Section } from '../../ui/text.tsx'
import { ChangeLogFacts, DatabaseFacts } from './database/database-facts.tsx'
import { OwnDatabase, SwitchBar } from './database/own-database.tsx'
import { databaseContext } from './database/store.ts'
import { settingsContext } from './store.ts'

/** Where tasks, runs and changes are kept; looked after from this machine only. */
export function Database() {
  const database = settingsContext.useState((state) => state.database)
  if (!database) return <FromAfar />
  return (
    <databaseContext.Provider value={database}>
      <OwnDatabase />
      <ChangeLogFacts />
      <Examination />
      <BackupOf />
      <SwitchBar />
    </databaseContext.Provider>
  )
}

const FromAfar = () => (
  <>
    <DatabaseFacts />
    <ChangeLogFacts />
    <p className="t2 settings-note">
      Checks and backups are done on the node&apos;s own machine: <Code>doctor</Code>,{' '}
      <Code>backup FILE</Code>, or its desktop window.
    </p>
  </>
)

function Examination() {
  const doctor = settingsContext.useState((state) => state.doctor)
  const { examine } = settingsContext.useApi().getState()
  const findings = doctor.status === 'ready' ? doctor.data.findings : []
  const fixable = findings.some((finding) => finding.fixable && !finding.ok)
  return (
    <Section
      title="Checks"
      aside={
        <span className="row">
          {fixable && <Button onClick={() => void examine(true)}>Mend what can be mended</Button>}
          <Button loading={doctor.status === 'loading'} onClick={() => void examine(false)}>
            Check now
          </Button>
        </span>
      }
    >
      {doctor.status === 'failed' && (
        <p className="bad" role="alert">
          {doctor.error.message}
        </p>
      )}
      {doctor.status === 'idle' && (
        <p className="t3">Database, clock, disk, interpreters, scripts and file rights.</p>
      )}
      <ul className="settings-findings">
        {findings.map((finding) => (
          <FindingLine key={finding.id} finding={finding} />
        ))}
      </ul>
    </Section>
  )
}

const FindingLine = ({ finding }: { finding: Finding }) => (
  <li>
    <Shape of={finding.ok ? 'Success' : finding.severity === 'error' ? 'Failed' : 'Timeout'} alone />
    <span>
      <b>{finding.what}</b> <span className="t2">{finding.detail}</span>
      {finding.fix && !finding.ok && <span className="settings-fix">{finding.fix}</span>}
    </span>
  </li>
)

/** A server's database is its administrator's to back up, and with the tools of the server. */
function BackupOf() {
  const type = dataOf(systemContext.useState((state) => state.info))?.databaseType
  if (!type || isFile(type)) return <Backup />
  return (
    <Section title="Backup">
      <p className="t2">
        The database is on a server: back it up there, with the server&apos;s own tools, and keep this
        node&apos;s
        <Code>secret.key</Code> beside it, which opens the secrets.
      </p>
    </Section>
  )
}

function Backup() {
  const { backup } = settingsContext.useApi().getState()
  const [file, setFile] = useState('')
  const [passphrase, setPassphrase] = useState('')
  const saving = useAct('No backup was written')
  const start = async (): Promise<void> => {
    const written = await backup(file.trim(), passphrase)
    setPassphrase('')
    toastDone(`The backup is in ${written}`)
  }
  return (
    <Section title="Backup">
      <form
        className="settings-form"
        onSubmit={(event) => {
          event.preventDefault()
          if (file.trim()) saving.start(start)
        }}
      >
        <TextInput
          label="File"
          placeholder="/backup/cluster.tar.gz"
          value={file}
          onChange={(event) => setFile(event.currentTarget.value)}
        />
        <PasswordInput
          label="Passphrase"
          description="Given, the backup carries the key of the secrets under it; left out, they cannot be read elsewhere."
          value={passphrase}
          onChange={(event) => setPassphrase(event.currentTarget.value)}
        />
        <Button type="submit" loading={saving.busy} disabled={!file.trim()}>
          Write a backup
        </Button>
      </form>
    </Section>
  )
}
