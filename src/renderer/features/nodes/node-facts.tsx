import { CheckIcon, XIcon } from '@primer/octicons-react'
import type { ReactNode } from 'react'
import type { ClusterNode, Isolation, NodePatch } from '../../../shared/domain/node.ts'
import { href } from '../../lib/router.ts'
import { Chip, Code, Section } from '../../ui/text.tsx'
import { Clock, Moment } from '../../ui/time.tsx'
import { EditInPlace } from './edit-in-place.tsx'
import { Capacity, Tags } from './fact-forms.tsx'
import { isLocked } from './locked.ts'
import type { PanelPartProps } from './node-panel.tsx'
import { clockFact, isClockOff, platformWords } from './words.ts'

/** What of the node can be edited. */
export type FactField = keyof NodePatch

/** Where and what it is; what of it may be edited is edited here. */
export function NodeFacts(props: PanelPartProps) {
  const { node } = props
  return (
    <Section
      title="Facts"
      aside={
        <a className="link small" href={href(['changes'], { record: node.nodeId })}>
          Its changes
        </a>
      }
    >
      <dl className="facts">
        <Fact name="Host">{node.hostname}</Fact>
        <Fact name="Addresses">
          <Addresses node={node} />
        </Fact>
        <Fact name="Platform">{platformWords(node.platform)}</Fact>
        <Fact name="Program">{node.version ?? '–'}</Fact>
        <Fact name="Clock">
          <span className={isClockOff(node) ? 'warn' : undefined}>{clockFact(node.clockOffset)}</span>
        </Fact>
        <Fact name="Group">
          <WordFact {...props} of="nodeGroup" />
        </Fact>
        <Fact name="Role">
          <WordFact {...props} of="nodeRole" />
        </Fact>
        <Fact name="Tags">
          <Tags {...props} />
        </Fact>
        <Fact name="Capacity">
          <Capacity {...props} />
        </Fact>
        <Fact name="Can run">
          <span className="node-chips">
            {node.supportedTaskTypes.map((type) => (
              <Code key={type}>{type}</Code>
            ))}
          </span>
        </Fact>
        <Fact name="Cluster key">{keyWords(node)}</Fact>
        {node.isolation.length > 0 && (
          <Fact name="Isolation">
            <Isolations isolation={node.isolation} />
          </Fact>
        )}
        <Fact name="Started">{node.startedAt ? <Moment at={node.startedAt} /> : '–'}</Fact>
        <Fact name="Joined">
          <Clock at={node.registeredAt} />
          {node.registeredBy && ` by ${node.registeredBy}`}
        </Fact>
        <Fact name="Node id">
          <span className="mono">{node.nodeId}</span>
        </Fact>
      </dl>
    </Section>
  )
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <>
    <dt>{name}</dt>
    <dd className="num">{children}</dd>
  </>
)

function Addresses({ node: { addresses, ipAddress, port } }: { node: ClusterNode }) {
  const all = addresses.length > 0 ? addresses : ipAddress ? [ipAddress] : []
  if (all.length === 0) return '–'
  return all.map((address) => (
    <div key={address}>
      {address.includes(':') && port !== null ? `[${address}]` : address}
      {port !== null && `:${port}`}
    </div>
  ))
}

const keyWords = ({ holdsKey }: ClusterNode): ReactNode => {
  if (holdsKey === null) return 'unknown'
  return holdsKey ? 'has it' : <span className="warn">does not have it: secrets stay shut there</span>
}

const ISOLATION_WORDS: Record<Isolation['feature'], string> = {
  user: 'another user',
  bubblewrap: 'sandbox (bubblewrap)',
  cgroup: 'memory and CPU limits (cgroup)',
}

function Isolations({ isolation }: { isolation: readonly Isolation[] }) {
  return (
    <ul className="node-isolation">
      {isolation.map(({ feature, available, reason }) => (
        <li key={feature}>
          {available ? (
            <CheckIcon size={12} aria-label="available" />
          ) : (
            <XIcon size={12} aria-label="not available" />
          )}
          <span>
            {ISOLATION_WORDS[feature]}
            {!available && reason && <span className="t3 small"> {reason}</span>}
          </span>
        </li>
      ))}
    </ul>
  )
}

function WordFact({ of, ...props }: PanelPartProps & { of: 'nodeGroup' | 'nodeRole' }) {
  const { node, cells, field, setField } = props
  const value = node[of]
  return (
    <EditInPlace
      label={of === 'nodeGroup' ? 'Group' : 'Role'}
      value={value}
      options={of === 'nodeGroup' ? cells.choices.group : cells.choices.role}
      editing={field === of}
      onEdit={isLocked(node, cells.acts) ? null : () => setField(of)}
      onDone={() => setField(null)}
      onSave={(text) => void cells.acts.edit(node, { [of]: text === '' ? null : text })}
    >
      {value ? <Chip>{value}</Chip> : <span className="t3">none</span>}
    </EditInPlace>
  )
}
