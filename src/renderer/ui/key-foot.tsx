import type { ReactNode } from 'react'
import type { KeyHint } from '../lib/key-table.ts'
import { Keys } from './text.tsx'

/** Under a list: the keys that act on it, and at the right what there is to say of its data. */
export function KeyFoot({ hints, children }: { hints: readonly KeyHint[]; children?: ReactNode }) {
  return (
    <div className="foot">
      {hints.map(({ keys, does, late }) => (
        <span key={keys} className={late ? 'late' : undefined}>
          <Keys of={keys} /> {does}
        </span>
      ))}
      {children}
    </div>
  )
}
