import type { ReactNode } from 'react'
import { isMac } from '../lib/is-mac.ts'

/** Keyboard hints, `Ctrl S` as two keys. They say again what `aria-keyshortcuts` or the button says. */
export const Keys = ({ of }: { of: string }) => (
  <span className="keys" aria-hidden>
    {of.split(' ').map((key) => (
      <kbd key={key}>{key === 'Ctrl' && isMac() ? '⌘' : key}</kbd>
    ))}
  </span>
)

export const Chip = ({
  children,
  kind,
}: {
  children: ReactNode
  kind?: 'group' | 'role' | 'node' | 'tag'
}) => (
  <span className={`chip ${kind === 'tag' ? 'tag' : ''}`}>
    {kind && kind !== 'tag' && <span className="chip-kind">{kind}</span>}
    {children}
  </span>
)

export const Code = ({ children }: { children: ReactNode }) => <code className="code">{children}</code>

interface SectionProps {
  title: string
  count?: ReactNode
  aside?: ReactNode
  id?: string
  children: ReactNode
}

/** A part of a rail, a panel or a form: a 13 px title, what belongs to it at the right, a hairline between. */
export function Section({ title, count, aside, id, children }: SectionProps) {
  return (
    <section className="section" id={id}>
      <header className="section-head">
        <h2>{title}</h2>
        {count !== undefined && <span className="count">{count}</span>}
        <span className="grow" />
        {aside}
      </header>
      {children}
    </section>
  )
}
