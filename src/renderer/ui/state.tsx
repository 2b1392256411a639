import type { ReactNode } from 'react'
import { looks, type AnyState } from '../theme/states.tsx'

/** The silhouette of a state. Beside its word it is decoration; alone it carries the word as its name. */
export function Shape({ of, size = 13, alone = false }: { of: AnyState; size?: number; alone?: boolean }) {
  const look = looks[of]
  const name = alone ? { role: 'img', 'aria-label': look.word } : { 'aria-hidden': true }
  return (
    <svg
      className="shape"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      style={{ color: look.color }}
      {...name}
    >
      {look.shape}
    </svg>
  )
}

/** Shape and word. The word is coloured only when somebody should act on it. */
export function State({ of, note }: { of: AnyState; note?: ReactNode }) {
  const look = looks[of]
  return (
    <span className="state">
      <Shape of={of} />
      <span className={look.loud ? 'state-loud' : 't2'} style={look.loud ? { color: look.color } : undefined}>
        {look.word}
      </span>
      {note !== undefined && <span className="t3 num note">{note}</span>}
    </span>
  )
}
