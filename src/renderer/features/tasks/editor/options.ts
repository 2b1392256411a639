import type { Draft } from './draft.ts'

export const SCRIPT_TYPE_OPTIONS: { value: Draft['scriptType']; label: string }[] = [
  { value: '', label: 'by its extension' },
  { value: 'powershell', label: 'PowerShell' },
  { value: 'bash', label: 'bash' },
  { value: 'node', label: 'Node.js' },
  { value: 'python', label: 'Python' },
  { value: 'cmd', label: 'cmd' },
  { value: 'executable', label: 'executable' },
]
