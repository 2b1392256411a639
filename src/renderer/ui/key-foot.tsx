import { Keys } from './text.tsx'

export interface KeyHint {
  keys: string
  does: string
  /** Left out first where there is little room. */
  late?: boolean
}

/** Under a list: the keys that act on it. */
export function KeyFoot({ hints }: { hints: readonly KeyHint[] }) {
  return (
    <div className="foot">
      {hints.map(({ keys, does, late }) => (
        <span key={keys} className={late ? 'late' : undefined}>
          <Keys of={keys} /> {does}
        </span>
      ))}
    </div>
  )
}
