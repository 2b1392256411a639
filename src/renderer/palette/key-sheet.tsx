import { Switch } from '@mantine/core'
import { useId, useSyncExternalStore } from 'react'
import { KEY_TABLE, keyText, type KeyGroup, type KeyWords } from '../lib/key-table.ts'
import { isSingle } from '../lib/key-name.ts'
import { useLocal } from '../lib/local.ts'
import { useRoute } from '../lib/router.ts'
import { SINGLE_KEYS, singleKeys } from '../lib/single-keys.ts'
import { views } from '../shell/view-list.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Keys } from '../ui/text.tsx'
import './palette.css'

/** Views have their numbers; everything else is the key table. */
const viewKeys: KeyGroup = {
  title: 'Views',
  view: null,
  keys: Object.fromEntries(views.map(({ name, path, digit }) => [path, { keys: [digit], does: name }])),
}

/** Those of the page behind come first, then those that act on more than one. */
const inOrder = (view: string | undefined): KeyGroup[] => {
  const groups: KeyGroup[] = [...Object.values<KeyGroup>(KEY_TABLE), viewKeys]
  const rank = (group: KeyGroup): number => (group.view === null ? 1 : group.view === view ? 0 : 2)
  return groups.toSorted((a, b) => rank(a) - rank(b))
}

/** All keys by view, and the switch for whose tools type characters of their own. */
export default function KeySheet({ onClose }: { onClose: () => void }) {
  const { path } = useRoute()
  const isBrowser = useLocal() === null
  const singlesOn = useSyncExternalStore(singleKeys.subscribe, singleKeys.on)
  return (
    <Dialog title="All keys" size={760} onClose={onClose}>
      <div className="key-sheet">
        {inOrder(path[0]).map((group) => (
          <Group key={group.title} {...{ group, singlesOn, isBrowser }} />
        ))}
      </div>
      <Switch
        {...SINGLE_KEYS}
        checked={singlesOn}
        onChange={(event) => singleKeys.set(event.currentTarget.checked)}
      />
    </Dialog>
  )
}

interface GroupProps {
  group: KeyGroup
  singlesOn: boolean
  /** It has keys of its own to go back and forward. */
  isBrowser: boolean
}

function Group({ group, singlesOn, isBrowser }: GroupProps) {
  const titleId = useId()
  return (
    <section aria-labelledby={titleId}>
      <h3 id={titleId}>{group.title}</h3>
      <ul>
        {Object.entries(group.keys).map(([name, words]) => (
          <Line key={name} words={isBrowser ? inBrowser(words) : words} singlesOn={singlesOn} />
        ))}
      </ul>
    </section>
  )
}

const inBrowser = ({ does, ...words }: KeyWords): KeyWords => ({
  ...words,
  does: does.replace('new window', 'new tab'),
})

function Line({ words: { keys, does }, singlesOn }: { words: KeyWords; singlesOn: boolean }) {
  const acting = keys.filter((key) => singlesOn || !isSingle(key))
  return (
    <li className={acting.length === 0 ? 'off' : undefined}>
      <span className="grow">{does}</span>
      {acting.length === 0 && <span className="key-sheet-or">off</span>}
      {(acting.length > 0 ? acting : keys).map((key, i) => (
        <span key={key} className="row">
          {i > 0 && <span className="key-sheet-or">or</span>}
          <Keys of={keyText(key)} />
          <span className="hidden-text">{keyText(key)}</span>
        </span>
      ))}
    </li>
  )
}
