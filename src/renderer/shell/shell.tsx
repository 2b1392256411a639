import type { ReactNode } from 'react'
import { useElsewhere } from '../lib/elsewhere.ts'
import { Banner } from './banner.tsx'
import { useDeliveries } from './deliveries.ts'
import { HoldBanner } from './hold-banner.tsx'
import { useRecent } from './recent.ts'
import { Side } from './side.tsx'
import { TopBar } from './top-bar.tsx'

/** The frame of every view: views at the left, where we are at the top, system states under it. */
export function Shell({ children, onSignOut }: { children: ReactNode; onSignOut: (() => void) | null }) {
  useDeliveries()
  useElsewhere()
  useRecent()
  return (
    <div className="shell">
      <Side />
      <div className="main">
        <TopBar onSignOut={onSignOut} />
        <Banner />
        <HoldBanner />
        <main className="page">{children}</main>
      </div>
    </div>
  )
}
