import { useEffect } from 'react'
import { href } from '../../lib/router.ts'
import { About } from './about.tsx'
import { ApiTls } from './api-tls.tsx'
import { Appearance } from './appearance.tsx'
import { Database } from './database.tsx'
import { Locks } from './locks/locks.tsx'
import { ThisNode } from './this-node.tsx'
import { Tokens } from './tokens.tsx'
import { SECTIONS } from './sections.ts'
import { settingsContext } from './store.ts'
import { Values } from './values.tsx'
import { Webhooks } from './webhooks/webhooks.tsx'

type SectionPath = (typeof SECTIONS)[number]['path']

/** What this node is set to, section by section. */
export function SettingsView({ section }: { section: string | undefined }) {
  const { load } = settingsContext.useApi().getState()
  useEffect(() => void load(), [load])
  const here = SECTIONS.find(({ path }) => path === section) ?? SECTIONS[0]
  return (
    <div className="settings">
      <nav aria-label="Settings">
        {SECTIONS.map(({ path, title }) => (
          <a
            key={path}
            href={href(['settings', path])}
            className={path === here.path ? 'here' : ''}
            aria-current={path === here.path ? 'page' : undefined}
          >
            {title}
          </a>
        ))}
      </nav>
      <div className="settings-body" key={here.path} tabIndex={-1}>
        <h1>{here.title}</h1>
        <SectionBody path={here.path} />
      </div>
    </div>
  )
}

function SectionBody({ path }: { path: SectionPath }) {
  switch (path) {
    case 'node':
      return <ThisNode />
    case 'database':
      return <Database />
    case 'execution':
    case 'retention':
      return <Values section={path} />
    case 'locks':
      return <Locks />
    case 'webhooks':
      return <Webhooks />
    case 'api':
      return (
        <>
          <ApiTls />
          <Values section="api" />
          <Tokens />
        </>
      )
    case 'appearance':
      return <Appearance />
    case 'about':
      return <About />
  }
}
