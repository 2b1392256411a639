import { dataOf } from '../../lib/loadable.ts'
import { useLocal } from '../../lib/local.ts'
import { SkeletonRows } from '../../ui/skeleton-rows.tsx'
import { Shape } from '../../ui/state.tsx'
import { Section } from '../../ui/text.tsx'
import { Clock } from '../../ui/time.tsx'
import { systemContext } from '../../shell/system-store.ts'

/** Which program this is, where it keeps its things, and what it found to run scripts with. */
export function About() {
  const info = dataOf(systemContext.useState((state) => state.info))
  const local = useLocal()
  if (!info) return <SkeletonRows rows={8} />
  return (
    <>
      <Section title="Program">
        <dl className="facts">
          <dt>Version</dt>
          <dd>PSWebHost Cluster {info.version}</dd>
          <dt>Runs on</dt>
          <dd>
            {info.runtime}, {info.platform}
          </dd>
          <dt>Started</dt>
          <dd>
            <Clock at={info.startedAt} precision="seconds" />
          </dd>
          <dt>Data folder</dt>
          <dd className="mono">{info.dataDir}</dd>
          <dt>Database</dt>
          <dd>
            {info.databaseType}, schema {info.schemaVersion}
            {!info.changeTracking && ', without a change log: nothing can be undone'}
          </dd>
          <dt>Cluster</dt>
          <dd className="mono">{info.clusterId}</dd>
          <dt>New here?</dt>
          <dd>
            <a className="link" href="#/start">
              First steps
            </a>
          </dd>
          {!local && (
            <>
              <dt>API</dt>
              <dd>
                <a className="link" href="/api/docs" target="_blank" rel="noreferrer">
                  Documentation
                </a>
              </dd>
            </>
          )}
        </dl>
      </Section>
      <Section title="Interpreters">
        <ul className="settings-findings">
          {info.interpreters.map(({ type, path, version, available, reason }) => (
            <li key={type}>
              <Shape of={available ? 'Success' : 'Never'} alone />
              <span>
                <b>{type}</b> <span className="t2">{available ? version : (reason ?? 'not found')}</span>{' '}
                <span className="mono t3">{path}</span>
              </span>
            </li>
          ))}
        </ul>
      </Section>
    </>
  )
}
