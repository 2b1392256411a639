import { Button } from '@mantine/core'
import { href, useRouter } from '../lib/router.ts'
import { EmptyState } from './empty-state.tsx'

/** A filter left nothing of a list: the way back to all of it. */
export function NoHits({ what, view }: { what: string; view: string }) {
  const router = useRouter()
  return (
    <EmptyState
      title={`No ${what} fits the filter`}
      act={<Button onClick={() => router.go(href([view]))}>Clear the filter</Button>}
    />
  )
}
