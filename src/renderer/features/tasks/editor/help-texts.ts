import { keptSwitch } from '../../../lib/kept-switch.ts'

/** Whether the form shows what each field means; hidden, it is still told to those who hear the form. */
export const helpTexts = keptSwitch('pswebhost-help-texts')
