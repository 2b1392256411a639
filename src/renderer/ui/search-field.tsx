import { TextInput } from '@mantine/core'
import { SearchIcon } from '@primer/octicons-react'
import { useEffect, useRef, useState } from 'react'
import { isSamePage, useRoute, useRouter } from '../lib/router.ts'
import { useCommands } from '../lib/use-commands.ts'
import { Keys } from './text.tsx'

interface SearchFieldProps {
  label: string
  value: string
  onChange: (value: string) => void
}

const SETTLE_MS = 200

/** `/` goes there. The list follows once typing pauses, not at every letter. */
export function SearchField({ label, value, onChange }: SearchFieldProps) {
  const router = useRouter()
  const route = useRoute()
  const input = useRef<HTMLInputElement>(null)
  const [text, setText] = useState(value)
  const [known, setKnown] = useState(value)
  // The address may change under the field (back button, a cleared filter): then it shows that.
  if (known !== value) {
    setKnown(value)
    setText(value)
  }
  useEffect(() => {
    if (text === value) return
    const settle = (): void => {
      // Who went to another page meanwhile stays there.
      if (isSamePage(route, router.current())) onChange(text)
    }
    const timer = setTimeout(settle, SETTLE_MS)
    return () => clearTimeout(timer)
  }, [text, value, onChange, route, router])
  useCommands('list', { search: () => input.current?.focus() })
  return (
    <TextInput
      ref={input}
      type="search"
      className="search-field"
      aria-label={label}
      placeholder={label}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      leftSection={<SearchIcon size={14} />}
      rightSection={text ? null : <Keys of="/" />}
    />
  )
}
