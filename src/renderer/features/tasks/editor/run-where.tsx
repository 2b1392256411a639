import { Select } from '@mantine/core'
import type { Placement } from '../../../../shared/domain/node.ts'
import { Shape } from '../../../ui/state.tsx'
import { editorContext } from './store.ts'
import { waitWords } from './target-words.ts'

/** Whether a run may be asked of the node: one that is away gets it when it is back. */
const isToBeHad = ({ runs, state }: Placement): boolean => runs || state === 'Away'

interface RunWhereProps {
  nodeId: string | null
  onChange: (nodeId: string | null) => void
}

/** On which node one run is to start; without a choice where the task's target says. */
export function RunWhere({ nodeId, onChange }: RunWhereProps) {
  const places = editorContext.useState((state) => state.places)
  const items = (places?.items ?? []).filter(({ state }) => state !== 'Retired')
  if (items.length < 2) return null
  const chosen = items.find((one) => one.nodeId === nodeId)
  const words = chosen ? waitWords(chosen) : null
  return (
    <div className="run-with-row">
      <label htmlFor="run-with-node">Node</label>
      <div>
        <Select
          id="run-with-node"
          placeholder="as the target says"
          clearable
          clearButtonProps={{ 'aria-label': 'As the target says' }}
          data={items.map((one) => ({
            value: one.nodeId,
            label: one.nodeName,
            disabled: !isToBeHad(one),
          }))}
          value={nodeId}
          onChange={onChange}
          renderOption={({ option }) => {
            const placement = items.find((one) => one.nodeId === option.value)
            return placement && <Choice placement={placement} />
          }}
        />
        {words && <p className="field-help warn">{words}</p>}
      </div>
    </div>
  )
}

function Choice({ placement }: { placement: Placement }) {
  const words = waitWords(placement)
  return (
    <span className="run-where">
      <Shape of={placement.state} size={12} alone />
      <b>{placement.nodeName}</b>
      {words && <span className="small">{words}</span>}
    </span>
  )
}
