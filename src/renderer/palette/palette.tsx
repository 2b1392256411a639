import { Modal } from '@mantine/core'
import { SearchIcon } from '@primer/octicons-react'
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react'
import { openElsewhere } from '../lib/elsewhere.ts'
import { keyScopeContext, useOwnKeyScope } from '../lib/key-scope.ts'
import { useLocal } from '../lib/local.ts'
import { useRoute, useRouter } from '../lib/router.ts'
import { useTrailName } from '../lib/trail.ts'
import { liveCommands } from '../lib/use-commands.ts'
import { useReadRecent } from '../shell/recent.ts'
import { useSearchClient } from '../shell/search-client.ts'
import { Keys } from '../ui/text.tsx'
import { optionId, type Item } from './item.ts'
import { Options } from './options.tsx'
import './palette.css'
import { wantedOf } from './query.ts'
import { subjectOf, useReading, type Subject } from './subject.ts'
import { useDoing } from './use-doing.ts'
import { useEverywhere } from './use-everywhere.tsx'
import { useGroups } from './use-groups.tsx'
import { useMarked } from './use-marked.ts'
import { useSearch, type Searched } from './use-search.ts'

interface PaletteProps {
  /** Before it was there. */
  typedAhead: string
  onClose: () => void
  /** For actions that are dialogs of their own, in the palette's place. */
  onSheet: () => void
  onStop: () => void
}

/** What the page behind offers and shows, as it was when the palette opened. */
const useBehind = () => {
  const { path } = useRoute()
  const name = useTrailName()
  const readRecent = useReadRecent()
  const [behind] = useState(() => {
    const live = liveCommands()
    const about = live.find((command) => command.about)?.about ?? null
    return { live, subject: subjectOf(path, name) ?? about, recent: readRecent() }
  })
  return behind
}

/** Goes to any record, view or setting, and does any action; over whatever page is shown. */
export default function Palette({ typedAhead, onClose, onSheet, onStop }: PaletteProps) {
  const scope = useOwnKeyScope()
  const client = useSearchClient()
  const router = useRouter()
  const [typed, setTyped] = useState(typedAhead)
  const [within, setWithin] = useState<Subject | null>(null)
  const behind = useBehind()
  const doing = useDoing()
  const wanted = within ? ({ mode: 'actions', text: typed.trim() } as const) : wantedOf(typed)
  const search = useSearch(client, wanted)
  const reading = useReading(client, within)
  const failure = search.failure ?? reading.failure
  const isBusy = search.isBusy || (within !== null && !reading.loaded && !failure)
  const asked = `${within?.id ?? ''} ${typed}`
  const everywhere = useEverywhere(doing, { onStop, onSheet })
  // What cannot be read of it has no actions here; the page that shows it says why.
  const { loaded: shownLoaded } = useReading(client, behind.subject)
  const groups = useGroups(
    {
      ...{ wanted, found: search.found, doing, everywhere, live: behind.live, recent: behind.recent },
      shown: behind.subject && { subject: behind.subject, loaded: shownLoaded },
    },
    within && reading,
  )
  const listId = useId()
  const marked = useMarked(groups, asked)
  const take = (item: Item, elsewhere: boolean): void => {
    if (item.why) return
    if (item.address !== undefined && elsewhere) openElsewhere(item.address)
    // The page behind has its keys and its focus again before anything is done there.
    onClose()
    if (item.address === undefined) item.act?.()
    else if (!elsewhere) router.go(item.address)
  }
  const enter = useEnter({ asked, isBusy, failure }, marked.item, take)
  const narrow = (subject: Subject | null): void => {
    setWithin(subject)
    setTyped('')
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return
    const isBack = within !== null && (event.key === 'Escape' || (event.key === 'Backspace' && typed === ''))
    if (event.key === 'Enter') enter(event.ctrlKey || event.metaKey)
    else if (event.key === 'Tab' && !event.shiftKey) {
      if (marked.item?.subject) narrow(marked.item.subject)
    } else if (isBack || (event.key === 'Tab' && event.shiftKey)) narrow(null)
    else if (!marked.move(event.key)) return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <keyScopeContext.Provider value={scope}>
      <Modal.Root opened onClose={onClose} size={640} yOffset={110} closeOnEscape trapFocus>
        <Modal.Overlay />
        <Modal.Content aria-label="Go to or do anything" classNames={{ content: 'palette' }}>
          <div className="palette-head">
            <SearchIcon size={16} aria-hidden />
            {within && <span className="chip">{within.name}</span>}
            <input
              ref={focusAtOnce}
              // Escape then leads back to everything, and does not close the dialog.
              data-mantine-stop-propagation={within !== null}
              className="palette-input"
              role="combobox"
              aria-expanded
              aria-autocomplete="list"
              aria-controls={listId}
              aria-activedescendant={marked.item ? optionId(listId, marked.item) : undefined}
              aria-label={within ? `Do, with ${within.name}` : 'Go to or do anything'}
              placeholder={within ? 'What to do' : 'Go to or do anything'}
              autoComplete="off"
              spellCheck={false}
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
              onKeyDown={onKeyDown}
            />
            {!within && <Prefixes />}
          </div>
          <Options
            {...{ id: listId, groups, marked: marked.item, wanted, isBusy, failure }}
            onMark={marked.mark}
            onTake={take}
          />
          <Foot item={marked.item} isWithin={within !== null} />
        </Modal.Content>
      </Modal.Root>
    </keyScopeContext.Provider>
  )
}

/** With the picture; the dialog itself gives the focus a turn later, when the first letters are typed already. */
const focusAtOnce = (input: HTMLInputElement | null): void => input?.focus()

interface Search extends Pick<Searched, 'isBusy' | 'failure'> {
  /** What was typed, and within which record. */
  asked: string
}

/**
 * Whoever is faster than the node means what it is going to find, not what stands there until then. That Enter is for
 * this one question: it is void once something else is asked, or the node cannot answer.
 */
const useEnter = (
  { asked, isBusy, failure }: Search,
  item: Item | null,
  take: (item: Item, elsewhere: boolean) => void,
): ((elsewhere: boolean) => void) => {
  const waits = useRef<{ asked: string; elsewhere: boolean } | null>(null)
  useEffect(() => {
    const waiting = waits.current
    if (!waiting || (isBusy && waiting.asked === asked)) return
    waits.current = null
    if (item && waiting.asked === asked && failure === null) take(item, waiting.elsewhere)
  })
  return (elsewhere) => {
    if (isBusy) waits.current = { asked, elsewhere }
    else if (item) take(item, elsewhere)
  }
}

function Prefixes() {
  return (
    <span className="palette-prefixes t3 small">
      type <kbd>&gt;</kbd> for actions, <kbd>@</kbd> nodes, <kbd>#</kbd> runs
    </span>
  )
}

function Foot({ item, isWithin }: { item: Item | null; isWithin: boolean }) {
  const elsewhere = useLocal() === null ? 'new tab' : 'new window'
  const canOpen = item?.address !== undefined
  return (
    <div className="foot palette-foot">
      <span>
        <Keys of="↑ ↓" /> move
      </span>
      <span>
        <Keys of="Enter" /> {canOpen ? 'open' : 'do'}
      </span>
      {canOpen && (
        <span>
          <Keys of="Ctrl Enter" /> {elsewhere}
        </span>
      )}
      {item?.subject && (
        <span>
          <Keys of="Tab" /> actions
        </span>
      )}
      <span className="grow" />
      <span>
        <Keys of="Esc" /> {isWithin ? 'back' : 'close'}
      </span>
    </div>
  )
}
