import { Menu } from '@mantine/core'
import { ChevronDownIcon, XIcon } from '@primer/octicons-react'

interface FilterButtonProps<T extends string> {
  label: string
  options: readonly { value: T; label: string }[]
  /** The values that are set; none means the filter is off. */
  value: readonly T[]
  onChange: (value: T[]) => void
  /** Several values at once (or). */
  multiple?: boolean
}

/** Dashed while it is not set, solid with 'State is **Failed** ×' when it is. */
export function FilterButton<T extends string>(props: FilterButtonProps<T>) {
  const { label, options, value, onChange, multiple = false } = props
  const chosen = options.filter((option) => value.includes(option.value))
  const toggle = (one: T): void => {
    if (!multiple) return onChange(value.includes(one) ? [] : [one])
    onChange(value.includes(one) ? value.filter((other) => other !== one) : [...value, one])
  }
  return (
    <span className="filter-box">
      <Menu position="bottom-start" closeOnItemClick={!multiple} returnFocus>
        <Menu.Target>
          <button type="button" className={chosen.length > 0 ? 'filter on' : 'filter'}>
            {chosen.length > 0 ? (
              <>
                <span>{label} is</span> <b>{chosen.map((option) => option.label).join(', ')}</b>
              </>
            ) : (
              label
            )}
            <ChevronDownIcon size={11} aria-hidden />
          </button>
        </Menu.Target>
        <Menu.Dropdown className="filter-menu">
          {options.map((option) => (
            <Menu.CheckboxItem
              key={option.value}
              checked={value.includes(option.value)}
              onChange={() => toggle(option.value)}
              closeMenuOnClick={!multiple}
            >
              {option.label}
            </Menu.CheckboxItem>
          ))}
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
