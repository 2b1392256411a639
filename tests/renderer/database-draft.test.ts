import { describe, expect, it } from 'vitest'
import {
  changedFields,
  draftIssues,
  draftOf,
  fieldAt,
  pathOf,
  targetOf,
} from '../../src/renderer/features/settings/database/draft.ts'
import { databaseTargetSchema } from '../../src/shared/domain/database-target.ts'

const saved = databaseTargetSchema.parse({
  type: 'PostgreSQL',
  connection: {
    ...{ server: 'db.example', port: 5433, database: 'cluster', username: 'svc', ssl: 'no-verify' },
    password: { secret: true },
    tls: { ca: 'ca.pem' },
  },
  options: { timeout: 30, poolSize: 3 },
})
const draft = draftOf(saved)

describe('a database as it is typed', () => {
  it('is the same again when nothing was typed', () => {
    expect(databaseTargetSchema.parse(targetOf(draft, saved))).toEqual({
      ...saved,
      connection: { ...saved.connection, path: null },
    })
    expect(changedFields(draft, saved)).toEqual([])
  })

  it('differs in what its type asks for, and in nothing else', () => {
    expect(changedFields({ ...draft, server: 'other', path: 'x.db' }, saved)).toEqual(['server'])
    expect(changedFields({ ...draft, type: 'SQLite', path: 'x.db', server: '' }, saved)).toEqual([
      'type',
      'path',
    ])
    expect(targetOf({ ...draft, type: 'SQLite', path: ' x.db ' }, saved).connection).toMatchObject({
      ...{ path: 'x.db', server: null, port: null, username: null, password: null, ssl: null },
      tls: { ca: null, cert: null, key: null },
    })
  })

  it.each([
    [{}, { secret: true }],
    [{ database: 'other' }, { secret: true }],
    [{ port: '5434' }, null],
    [{ server: 'other' }, null],
    [{ username: 'root' }, null],
    [{ type: 'MySQL' as const }, null],
    [{ password: '' }, null],
    [{ password: ' spaced ' }, ' spaced '],
  ])('keeps, drops or replaces the password: %j', (part, password) => {
    expect(targetOf({ ...draft, ...part }, saved).connection?.password).toEqual(password)
  })

  it('asks SQL Server alone whether the account is one of Windows', () => {
    const windows = { ...draft, type: 'SqlServer' as const, integratedSecurity: true, password: 'x' }
    expect(targetOf(windows, saved).connection).toMatchObject({
      integratedSecurity: true,
      username: 'svc',
      password: 'x',
    })
    expect(targetOf({ ...windows, type: 'MySQL' }, saved).connection).toMatchObject({
      integratedSecurity: false,
      username: 'svc',
    })
  })

  it('names fields that are no numbers, where they are asked for', () => {
    const wrong = { ...draft, port: 'http', timeout: '1.5', poolSize: ' 4 ' }
    expect(draftIssues(wrong).map(({ path }) => path)).toEqual([pathOf('port'), pathOf('timeout')])
    expect(targetOf({ ...draft, type: 'SQLite', poolSize: 'many' }, saved).options).toEqual({ timeout: 30 })
    expect(draftIssues({ ...wrong, type: 'SQLite' }).map(({ path }) => path)).toEqual([pathOf('timeout')])
  })

  it('finds the field of an issue, unless it is not asked for', () => {
    expect(fieldAt(['target', 'connection', 'tls', 'ca'], draft)).toBe('ca')
    expect(fieldAt(['target', 'connection', 'server'], { ...draft, type: 'SQLite' })).toBeUndefined()
    expect(fieldAt(['retention', 'historyDays'], draft)).toBeUndefined()
  })
})
