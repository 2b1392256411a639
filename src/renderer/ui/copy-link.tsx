import { ActionIcon, Tooltip } from '@mantine/core'
import { LinkIcon } from '@primer/octicons-react'
import type { LinkKind } from '../../shared/domain/link.ts'
import { useCopyLink } from '../lib/use-copy-link.ts'

/** For whoever is to see the same record: the console's address, or a link that opens in their desktop. */
export function CopyLink({ kind, id }: { kind: LinkKind; id: string }) {
  const copy = useCopyLink()
  return (
    <Tooltip label="Copy link">
      <ActionIcon aria-label="Copy link" onClick={() => copy(kind, id)}>
        <LinkIcon size={16} />
      </ActionIcon>
    </Tooltip>
  )
}
