import { Menu } from '@mantine/core'
import { ChevronDownIcon, XIcon } from '@primer/octicons-react'
import { useState } from 'react'
import { narrowed, SEARCHED_FROM, setWords, withSet, type FilterOption } from './filter-options.ts'

interface FilterButtonProps<T extends string> {
  label: string
  options: readonly FilterOption<T>[]
  /** The values that are set; none means the filter is off. */
  value: readonly T[]
  onChange: (value: T[]) => void
  /** Several values at once (or). */
  multiple?: boolean
}

/** Dashed while it is not set, solid with 'State is **Failed** ×' when it is. */
export function FilterButton<T extends string>(props: FilterButtonProps<T>) {
  const { label, value, onChange, multiple = false } = props
  const options = withSet(props.options, value)
  const chosen = options.filter((option) => value.includes(option.value)).map((option) => option.label)
  const searched = options.length >= SEARCHED_FROM
  const toggle = (one: T): void => {
    if (!multiple) return onChange(value.includes(one) ? [] : [one])
    onChange(value.includes(one) ? value.filter((other) => other !== one) : [...value, one])
  }
  return (
    <span className="filter-box">
      <Menu position="bottom-start" closeOnItemClick={!multiple} returnFocus>
        <Menu.Target>
          <button
            type="button"
            className={chosen.length > 0 ? 'filter on' : 'filter'}
            title={setWords(chosen) === chosen.join(', ') ? undefined : chosen.join(', ')}
          >
            {chosen.length > 0 ? (
              <>
                <span>{label} is</span> <b>{setWords(chosen)}</b>
              </>
            ) : (
              label
            )}
            <ChevronDownIcon size={11} aria-hidden />
          </button>
        </Menu.Target>
        <Menu.Dropdown className="filter-menu" aria-label={label} ref={searched ? asDialog : undefined}>
          <Options
            label={label}
            options={options}
            value={value}
            multiple={multiple}
            searched={searched}
            onToggle={toggle}
          />
        </Menu.Dropdown>
      </Menu>
      {chosen.length > 0 && (
        <button
          type="button"
          className="filter-clear"
          aria-label={`Clear filter ${label}`}
          onClick={() => onChange([])}
        >
          <XIcon size={11} />
        </button>
      )}
    </span>
  )
}

/** A field may not stand in a menu, and the component lets no role in: with a field it is a dialog that holds both. */
const asDialog = (dropdown: HTMLDivElement | null): void => {
  dropdown?.setAttribute('role', 'dialog')
  dropdown?.removeAttribute('aria-orientation')
}

interface OptionsProps<T extends string> {
  label: string
  options: readonly FilterOption<T>[]
  value: readonly T[]
  multiple: boolean
  searched: boolean
  onToggle: (value: T) => void
}

/** What may be chosen; with many of them a field narrows the list. It is gone with the menu, and its text too. */
function Options<T extends string>({ label, options, value, multiple, searched, onToggle }: OptionsProps<T>) {
  const [text, setText] = useState('')
  const shown = narrowed(options, text)
  const items = shown.map((option) => (
    <Menu.CheckboxItem
      key={option.value}
      checked={value.includes(option.value)}
      onChange={() => onToggle(option.value)}
      closeMenuOnClick={!multiple}
    >
      {option.label}
    </Menu.CheckboxItem>
  ))
  if (!searched) return items
  return (
    <>
      <Menu.Search
        className="filter-search"
        aria-label={`Search ${label.toLowerCase()}`}
        placeholder={`Search ${options.length}`}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {shown.length > 0 && (
        <div role="menu" aria-label={label}>
          {items}
        </div>
      )}
      <p className="filter-none t3" role="status">
        {shown.length === 0 && `None has ‘${text.trim()}’`}
      </p>
    </>
  )
}
