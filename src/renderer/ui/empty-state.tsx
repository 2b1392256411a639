import type { ReactNode } from 'react'

/** One sentence what this is, and the first useful act. */
export function EmptyState({
  title,
  children,
  act,
}: {
  title: string
  children?: ReactNode
  act?: ReactNode
}) {
  return (
    <div className="empty">
      <h2>{title}</h2>
      {children && <div className="t2">{children}</div>}
      {act && <div className="row">{act}</div>}
    </div>
  )
}
