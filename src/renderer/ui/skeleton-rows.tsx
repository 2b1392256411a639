import { useEffect, useState } from 'react'

/** Rows of the true height; they appear after 150 ms only, so that a quick answer does not flicker. */
export function SkeletonRows({ rows = 12 }: { rows?: number }) {
  const [shown, setShown] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), 150)
    return () => clearTimeout(timer)
  }, [])
  if (!shown) return null
  return (
    <div className="skeleton" role="status" aria-label="Reading">
      {Array.from({ length: rows }, (_, i) => (
        <div key={i} className="skeleton-row">
          <i style={{ width: 90 }} />
          <i style={{ width: 140 + ((i * 53) % 90) }} />
          <i style={{ width: 110 + ((i * 37) % 60) }} />
        </div>
      ))}
    </div>
  )
}
