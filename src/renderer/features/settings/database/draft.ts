import { hasIntegratedSecurity, isFile, type DatabaseType } from '../../../../shared/domain/database.ts'
import {
  isSameServer,
  type DatabaseTarget,
  type DatabaseTargetInput,
} from '../../../../shared/domain/database-target.ts'
import type { Issue } from '../../../../shared/domain/errors.ts'

/** A database as it is typed: texts, and what of them differs from the file. */

export const SSL_CHOICES = ['', 'true', 'no-verify', 'false'] as const
export type SslChoice = (typeof SSL_CHOICES)[number]

export interface DatabaseDraft {
  type: DatabaseType
  path: string
  server: string
  port: string
  database: string
  username: string
  /** What was typed, empty: none. Null: nothing was typed, and the one of the file holds. */
  password: string | null
  ssl: SslChoice
  ca: string
  cert: string
  key: string
  integratedSecurity: boolean
  timeout: string
  poolSize: string
}
export type DatabaseField = keyof DatabaseDraft

const textOf = (value: string | number | null | undefined): string => String(value ?? '')

const sslOf = (ssl: DatabaseTarget['connection']['ssl']): SslChoice =>
  SSL_CHOICES.find((choice) => choice === String(ssl)) ?? ''

export const draftOf = ({ type, connection, options }: DatabaseTarget): DatabaseDraft => {
  const { tls } = connection
  return {
    type,
    path: textOf(connection.path),
    server: textOf(connection.server),
    port: textOf(connection.port),
    database: textOf(connection.database),
    username: textOf(connection.username),
    password: connection.password === null ? '' : null,
    ssl: sslOf(connection.ssl),
    ...{ ca: textOf(tls.ca), cert: textOf(tls.cert), key: textOf(tls.key) },
    integratedSecurity: connection.integratedSecurity,
    timeout: textOf(options.timeout),
    poolSize: textOf(options.poolSize),
  }
}

/** The password of the file holds for the type, server, port and account of the file alone. */
export const keepsPassword = (draft: DatabaseDraft, saved: DatabaseTarget): boolean =>
  draft.password === null &&
  isSameServer(
    { type: draft.type, server: draft.server.trim() || null, port: numberOf(draft.port) },
    { ...saved.connection, type: saved.type },
  ) &&
  draft.username.trim() === textOf(saved.connection.username)

const COMMON = ['type', 'timeout'] as const
const OF_SERVERS = ['server', 'port', 'database', 'ssl', 'ca', 'cert', 'key', 'poolSize'] as const
const ACCOUNT = ['username', 'password'] as const

/** What a database of that type goes by; the rest is not asked for. */
export const fieldsOf = ({ type }: DatabaseDraft): readonly DatabaseField[] => {
  if (isFile(type)) return [...COMMON, 'path']
  return [
    ...COMMON,
    ...OF_SERVERS,
    ...ACCOUNT,
    ...(hasIntegratedSecurity(type) ? ['integratedSecurity' as const] : []),
  ]
}

/** Fields that differ from the file. */
export const changedFields = (draft: DatabaseDraft, saved: DatabaseTarget): DatabaseField[] => {
  const base = draftOf(saved)
  return fieldsOf(draft).filter((field) => draft[field] !== base[field])
}

const NUMBERS = ['port', 'timeout', 'poolSize'] as const

const numberOf = (typed: string): number | null => (typed.trim() === '' ? null : Number(typed))

const passwordOf = (draft: DatabaseDraft, saved: DatabaseTarget) => {
  if (draft.password) return draft.password
  return keepsPassword(draft, saved) ? ({ secret: true } as const) : null
}

/** What is typed, as the node takes it. Numbers that are none were refused before (`draftIssues`). */
export const targetOf = (draft: DatabaseDraft, saved: DatabaseTarget): DatabaseTargetInput => {
  const asked = fieldsOf(draft)
  const text = (field: Exclude<DatabaseField, 'integratedSecurity' | 'password'>): string | null =>
    asked.includes(field) ? draft[field].trim() || null : null
  const timeout = numberOf(draft.timeout)
  const poolSize = numberOf(draft.poolSize)
  return {
    type: draft.type,
    connection: {
      path: text('path'),
      server: text('server'),
      port: asked.includes('port') ? numberOf(draft.port) : null,
      database: text('database'),
      username: text('username'),
      password: asked.includes('password') ? passwordOf(draft, saved) : null,
      ssl: asked.includes('ssl') ? SSL_VALUES[draft.ssl] : null,
      tls: { ca: text('ca'), cert: text('cert'), key: text('key') },
      integratedSecurity: asked.includes('integratedSecurity') && draft.integratedSecurity,
    },
    options: {
      ...(timeout !== null && { timeout }),
      ...(asked.includes('poolSize') && poolSize !== null && { poolSize }),
    },
  }
}

const SSL_VALUES: Record<SslChoice, boolean | 'no-verify' | null> = {
  '': null,
  true: true,
  false: false,
  'no-verify': 'no-verify',
}

/** Where the node would find the field, for its issues and ours. */
export const pathOf = (field: DatabaseField): string[] => {
  if (field === 'type') return ['target', 'type']
  if (field === 'timeout' || field === 'poolSize') return ['target', 'options', field]
  if (field === 'ca' || field === 'cert' || field === 'key') return ['target', 'connection', 'tls', field]
  return ['target', 'connection', field]
}

/** The field that an issue is about, where it is asked for. */
export const fieldAt = (path: Issue['path'], draft: DatabaseDraft): DatabaseField | undefined =>
  fieldsOf(draft).find((field) => pathOf(field).join('.') === path.join('.'))

/** What can be told without the node. */
export const draftIssues = (draft: DatabaseDraft): Issue[] =>
  NUMBERS.filter((field) => fieldsOf(draft).includes(field) && !/^\s*\d*\s*$/.test(draft[field])).map(
    (field) => ({
      path: pathOf(field),
      message: 'must be a whole number',
    }),
  )
