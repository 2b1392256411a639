import type { SettingValue } from '../../../shared/domain/settings.ts'

/** How a key of app.yaml is shown: its words, and what kind of control it has. */
export interface SettingLook {
  key: string
  label: string
  help?: string
  /** Behind the number: 'days'. */
  unit?: string
  kind: 'number' | 'text' | 'lines' | 'switch' | 'choice'
  /** Of a choice: what the key may have, the empty text for none. */
  choices?: readonly { value: string; label: string }[]
}

export interface SettingGroup {
  title: string
  looks: readonly SettingLook[]
}

const number = (key: string, label: string, unit: string, help?: string): SettingLook => ({
  ...{ key, label, unit, kind: 'number' },
  ...(help && { help }),
})
const text = (key: string, label: string, help?: string): SettingLook => ({
  ...{ key, label, kind: 'text' },
  ...(help && { help }),
})

const interpreters = ['powershell', 'bash', 'node', 'python', 'cmd'].map((name) =>
  text(`execution.interpreters.${name}`, name),
)

/** The sections that are keys of app.yaml and nothing else, in the order of their groups. */
export const SETTING_GROUPS = {
  execution: [
    {
      title: 'Scripts',
      looks: [
        {
          key: 'execution.scriptRoots',
          label: 'Script roots',
          kind: 'lines',
          help: 'Only scripts inside these folders run, after links are resolved. One folder a line.',
        },
        number(
          'execution.shutdownGraceSeconds',
          'Grace at shutdown',
          'seconds',
          'For scripts that still run.',
        ),
        number(
          'execution.maxOutputBytes',
          'Most output of a run',
          'bytes',
          'What is beyond is cut, and said so.',
        ),
        text('execution.sandbox', 'Sandbox'),
      ],
    },
    {
      title: 'Limits of tasks that set none',
      looks: [
        number('execution.limits.maxConcurrent', 'Runs at once', 'of one task'),
        number('execution.limits.memoryMb', 'Memory', 'MB'),
        number('execution.limits.cpuSeconds', 'Processor time', 'seconds'),
        number('execution.limits.processes', 'Processes', ''),
        number('execution.limits.outputBytes', 'Output', 'bytes'),
      ],
    },
    { title: 'Interpreters other than those on the PATH', looks: interpreters },
    {
      title: 'Cluster',
      looks: [
        text('cluster.timeZone', 'Time zone', 'Of schedules that name none.'),
        number('cluster.pollSeconds', 'Look for work every', 'seconds'),
        number('cluster.heartbeatSeconds', 'Heartbeat every', 'seconds'),
        number('cluster.leaseSeconds', 'Lease', 'seconds', 'A node silent for so long loses its runs.'),
      ],
    },
  ],
  retention: [
    {
      title: 'Kept for',
      looks: [
        number('retention.historyDays', 'Runs', 'days'),
        number('retention.changeDays', 'Changes', 'days', 'What is older cannot be undone any more.'),
        number('retention.replicaChangeDays', 'Changes of a copy', 'days', 'On nodes of a server database.'),
      ],
    },
  ],
  api: [
    {
      title: 'Address',
      looks: [
        text('api.host', 'Host', 'Beyond this machine over TLS, unless the node is started with --insecure.'),
        number('api.port', 'Port', '', '0: any free one.'),
      ],
    },
    {
      title: 'Certificate',
      looks: [
        {
          key: 'api.tls.enabled',
          label: 'TLS',
          kind: 'choice',
          choices: [
            { value: '', label: 'as the address needs it' },
            { value: 'true', label: 'on' },
            { value: 'false', label: 'off' },
          ],
          help: 'As the address needs it: on beyond this machine, and where a certificate is named.',
        },
        text(
          'api.tls.cert',
          'Certificate',
          'The path of a PEM file, the chain in it. Without one the node makes its own.',
        ),
        text('api.tls.key', 'Its key', 'The path of a PEM file that only the node’s account can read.'),
      ],
    },
  ],
} as const satisfies Record<string, readonly SettingGroup[]>

export type ValuesSection = keyof typeof SETTING_GROUPS

/** A value as a control shows it. */
export const textOf = (value: SettingValue): string =>
  value === null ? '' : Array.isArray(value) ? value.join('\n') : String(value)

/** What a person typed, as the file takes it. Digits that are none stay text, which the node refuses by name. */
export const valueOf = (typed: string, kind: SettingLook['kind']): SettingValue => {
  const trimmed = typed.trim()
  if (kind === 'lines')
    return trimmed
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean)
  if (trimmed === '') return null
  if (kind === 'switch') return trimmed === 'true'
  if (kind === 'choice' && (trimmed === 'true' || trimmed === 'false')) return trimmed === 'true'
  return kind === 'number' && /^-?\d+$/.test(trimmed) ? Number(trimmed) : trimmed
}
