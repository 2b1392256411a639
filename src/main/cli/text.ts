import { issueText } from '../../shared/domain/issues.ts'
import type { CopyResult } from '../../shared/domain/database.ts'
import type { SchemaMigration } from '../../shared/domain/database-target.ts'
import { AppError, messageOf } from '../../shared/domain/errors.ts'
import type { ImportItem, ImportResult, Sample } from '../../shared/domain/import-result.ts'
import type { ApiToken, CreatedToken } from '../../shared/domain/role.ts'
import type { DoctorReport, Finding } from '../../shared/domain/system.ts'

/** Results in words, for a person at a terminal. Every function returns whole lines. */

export const lines = (...parts: string[]): string => parts.map((part) => `${part}\n`).join('')

/** Columns as wide as their widest cell; the last one runs free. */
export const table = (rows: readonly string[][]): string => {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  )
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  return lines(...rows.map(line))
}

const ACTION_WORDS: Record<ImportItem['action'], [done: string, planned: string]> = {
  created: ['created', 'would be created'],
  updated: ['updated', 'would be updated'],
  unchanged: ['unchanged', 'unchanged'],
  skipped: ['skipped', 'would be skipped'],
}

const readingText = (name: string, { cron, next }: { cron: string | null; next: string[] }): string =>
  `      ${name.padEnd(8)}  ${cron ?? 'never runs'}${next.map((at) => `\n                ${at}`).join('')}`

const itemText = (item: ImportItem, dryRun: boolean): string => {
  const name = [item.appName, item.name ?? '(no name)'].filter(Boolean).join('/')
  const readings = item.cronReadings
  return [
    `${ACTION_WORDS[item.action][dryRun ? 1 : 0].padEnd(dryRun ? 16 : 9)}  ${name}  (${item.source})`,
    ...(item.reason ? [`    ${item.reason}`] : []),
    ...item.warnings.map((warning) => `    warning: ${warning}`),
    ...(readings
      ? [
          `    "${readings.expression}" is read in two ways (choose with --cron); next runs:`,
          readingText('standard', readings.standard),
          readingText('legacy', readings.legacy),
        ]
      : []),
  ].join('\n')
}

export const importText = (result: ImportResult, dryRun: boolean): string => {
  const counts = (['created', 'updated', 'unchanged', 'skipped'] as const).map(
    (action) => `${result[action]} ${ACTION_WORDS[action][dryRun ? 1 : 0]}`,
  )
  const planned = dryRun ? ['', 'Nothing was changed. Run it again without --dry-run.'] : []
  return lines(...result.items.map((item) => itemText(item, dryRun)), counts.join(', '), ...planned)
}

const stateOf = ({ ok, fixed, severity }: Finding): string => {
  if (fixed) return 'fixed'
  return ok ? 'ok' : severity
}

export const doctorText = ({ ok, findings }: DoctorReport, fix: boolean): string => {
  const rows = findings.map((finding) => [stateOf(finding), finding.what, finding.detail])
  const hints = findings.filter((finding) => !finding.ok && !finding.fixed && finding.fix)
  const advice = hints.map(
    ({ what, fix: how, fixable }) => `${what}: ${how}${fixable && !fix ? ' (--fix)' : ''}`,
  )
  return table(rows) + lines(...advice, ok ? 'Nothing is wrong.' : 'A problem remains.')
}

export const tokensText = (items: readonly ApiToken[]): string => {
  if (items.length === 0) return lines('There are no tokens.')
  const rows = items.map((token) => [
    token.tokenId,
    token.role,
    token.revokedAt ? `revoked ${token.revokedAt}` : token.expiresAt ? `until ${token.expiresAt}` : 'valid',
    token.tokenName,
  ])
  return table([['ID', 'ROLE', 'STATE', 'NAME'], ...rows])
}

export const createdTokenText = ({ token }: CreatedToken): string => lines(token)

export const samplesText = (items: readonly Sample[]): string =>
  table(items.map(({ name, imported, description }) => [name, imported ? 'imported' : '', description]))

export const migrationText = ({ applied, schemaVersion }: SchemaMigration): string =>
  lines(
    ...applied.map((step) => `applied  ${step}`),
    applied.length === 0
      ? `Nothing to migrate: the schema has version ${schemaVersion}.`
      : `The schema has version ${schemaVersion}.`,
  )

export const copyText = ({ from, to, tables }: CopyResult): string => {
  const rows = tables.map(({ table: name, rows: count, checksum }) => [name, String(count), checksum])
  return (
    table([['TABLE', 'ROWS', 'SHA-256'], ...rows]) +
    lines(
      `Copied ${from} to ${to}; rows and checksums of both are equal.`,
      'What changes from now on is not in the copy. A node uses it once its app.yaml names it.',
    )
  )
}

/** A failure in one line, or one a field. */
export const failureText = (error: unknown): string => {
  const issues = error instanceof AppError ? (error.issues ?? []) : []
  // A message that already lists its fields is not told twice.
  const rest = issues.filter((issue) => !messageOf(error).includes(issue.message))
  return lines(messageOf(error), ...rest.map((issue) => `  ${issueText([issue])}`))
}
