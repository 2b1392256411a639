import type { PanelPartProps } from './node-panel.tsx'

/** Whether nothing of the node may be edited: by this token, or since it is retired. */
export const isLocked = ({ node, cells }: PanelPartProps): boolean =>
  cells.acts.refusal.admin !== null || node.state === 'Retired'
