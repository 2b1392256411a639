import { useKept } from '../../../lib/kept-switch.ts'
import { helpTexts } from './help-texts.ts'

/** For whoever knows the fields by now. */
export function HelpSwitch() {
  const shown = useKept(helpTexts)
  return (
    <button type="button" className="ed-help-switch link small" onClick={() => helpTexts.set(!shown)}>
      {shown ? 'Hide help' : 'Show help'}
    </button>
  )
}
