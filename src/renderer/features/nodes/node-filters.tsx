import { Button } from '@mantine/core'
import { PlusIcon } from '@primer/octicons-react'
import type { ClusterNode } from '../../../shared/domain/node.ts'
import { useRefusal } from '../../lib/role.ts'
import { href, useRoute, useRouter } from '../../lib/router.ts'
import { EmergencyStop } from '../../shell/emergency-stop.tsx'
import { FilterButton } from '../../ui/filter-button.tsx'
import type { Choices, NodeQuery } from './fits.ts'
import { NODE_STATE_OPTIONS, paramsOf } from './query.ts'
import { slotsText } from './words.ts'

interface NodeFiltersProps {
  query: NodeQuery
  nodes: readonly ClusterNode[]
  choices: Choices
  onAdd: () => void
}

const WORDS = [
  { label: 'Group', of: 'group' },
  { label: 'Role', of: 'role' },
  { label: 'Tag', of: 'tag' },
  { label: 'Version', of: 'version' },
] as const

/** What is asked for may be of no node any more: it stays to be seen and cleared. */
const options = (known: readonly string[], asked: readonly string[]) =>
  [...new Set([...known, ...asked])].map((value) => ({ value, label: value }))

/** What the list is narrowed to, all of it in the address; at the right what is done to the cluster. */
export function NodeFilters({ query, nodes, choices, onAdd }: NodeFiltersProps) {
  const { path } = useRoute()
  const router = useRouter()
  const refusal = useRefusal('admin')
  const set = (part: Partial<NodeQuery>): void =>
    router.go(href(path, paramsOf({ ...query, ...part })), { replace: true })
  return (
    <div className="bar" role="search">
      <FilterButton
        label="State"
        multiple
        options={NODE_STATE_OPTIONS}
        value={query.state}
        onChange={(state) => set({ state })}
      />
      {WORDS.map(({ label, of }) => (
        <FilterButton
          key={of}
          label={label}
          multiple
          options={options(choices[of], query[of])}
          value={query[of]}
          onChange={(values) => set({ [of]: values })}
        />
      ))}
      <span className="grow" />
      {nodes.length > 0 && <span className="t3 small num">{slotsText(nodes)}</span>}
      <EmergencyStop>
        {(ask, why) => (
          <Button c="var(--failed)" disabled={why !== null} title={why ?? undefined} onClick={ask}>
            Emergency stop…
          </Button>
        )}
      </EmergencyStop>
      <Button
        variant="filled"
        leftSection={<PlusIcon size={14} />}
        disabled={refusal !== null}
        title={refusal ?? undefined}
        onClick={onAdd}
      >
        Add node
      </Button>
    </div>
  )
}
