import { ActionIcon, Tooltip } from '@mantine/core'
import { SignOutIcon, MoonIcon, StopIcon, SunIcon } from '@primer/octicons-react'
import { dataOf } from '../lib/loadable.ts'
import { moment, utc } from '../lib/format.ts'
import { href, useRoute } from '../lib/router.ts'
import { useNow } from '../lib/use-now.ts'
import { useScheme } from '../lib/use-scheme.ts'
import { EmergencyStop } from './emergency-stop.tsx'
import { GoTo } from './go-to.tsx'
import { systemContext } from './system-store.ts'
import { useTrailName } from '../lib/trail.ts'
import { views } from './view-list.ts'
import { Visits } from './visits.tsx'

/** Where we are, the time, who we are, and the scheme. Nobody signs out of the desktop window. */
export function TopBar({ onSignOut }: { onSignOut: (() => void) | null }) {
  const info = dataOf(systemContext.useState((state) => state.info))
  return (
    <header className="top">
      <Visits />
      <Trail />
      <span className="grow" />
      <GoTo />
      {info && (
        <span className="t3 small cut">
          {info.actor}, {info.role}
        </span>
      )}
      <Now />
      <StopButton />
      <SchemeToggle />
      {onSignOut && (
        <Tooltip label="Forget the token of this tab">
          <ActionIcon aria-label="Sign out" onClick={onSignOut}>
            <SignOutIcon size={16} />
          </ActionIcon>
        </Tooltip>
      )}
    </header>
  )
}
/** What is no view of the side bar. */
const OTHER_TITLES: Readonly<Record<string, string>> = { import: 'Import', start: 'First steps' }

function Trail() {
  const { path } = useRoute()
  const detail = useTrailName()
  const [view = '', record] = path
  const title = views.find((one) => one.path === view)?.name ?? OTHER_TITLES[view] ?? ''
  const name = record === undefined ? null : detail
  return (
    <ol className="trail" aria-label="Where you are">
      <li className={name ? '' : 'last'}>{name ? <a href={href([view])}>{title}</a> : title}</li>
      {name && <li className="last cut">{name}</li>}
    </ol>
  )
}

/** Whoever comes to it with the keyboard reads why it does nothing. */
const ON_FOCUS_TOO = { hover: true, focus: true, touch: false }

/** On every page but the one that has it in words. */
function StopButton() {
  const { path } = useRoute()
  if (path[0] === 'nodes') return null
  return (
    <EmergencyStop>
      {(ask, why) => (
        <Tooltip label={why ?? 'Emergency stop: ends every run on every node'} events={ON_FOCUS_TOO}>
          {/* Not `disabled`: then it would neither take the focus nor say why not. */}
          <ActionIcon
            aria-label="Emergency stop…"
            aria-disabled={why !== null}
            onClick={() => {
              if (why === null) ask()
            }}
          >
            <StopIcon size={16} fill={why === null ? 'var(--failed)' : 'currentColor'} />
          </ActionIcon>
        </Tooltip>
      )}
    </EmergencyStop>
  )
}

function Now() {
  const now = new Date(useNow('wall'))
  const [date, time] = moment(now, now).split(/ (?=\S+$)/)
  return (
    <span className="now num" title={utc(now)}>
      {date} <b>{time}</b>
    </span>
  )
}

function SchemeToggle() {
  const { shown, words, change } = useScheme()
  return (
    <Tooltip label={words}>
      <ActionIcon aria-label={words} onClick={change}>
        {shown === 'dark' ? <SunIcon size={16} /> : <MoonIcon size={16} />}
      </ActionIcon>
    </Tooltip>
  )
}
