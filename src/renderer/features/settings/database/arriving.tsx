import { useEffect, useRef, type ReactNode } from 'react'

/** What comes as an answer is shown at once, however far down it stands: again whenever `of` is another. */
export function Arriving({ of, children }: { of: unknown; children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // In a block: newer browsers answer a promise, which React would take for a clean-up.
    place.current?.scrollIntoView({ block: 'nearest' })
  }, [of])
  return (
    <div ref={place} className="arriving">
      {children}
    </div>
  )
}
