import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { faultOf } from '../../src/main/data/dialects/postgres-faults.ts'

const refused = (code: string): Error =>
  Object.assign(new pg.DatabaseError('words of the server', 0, 'error'), { code })

describe('PostgreSQL: a failure', () => {
  it.each([
    ['a deadlock', refused('40P01'), 'replay'],
    ['a row that changed under a snapshot', refused('40001'), 'replay'],
    ['a lock that was not got in time', refused('55P03'), 'replay'],
    ['a statement that may have been done', refused('40003'), 'away'],
    ['a commit whose outcome nobody knows', refused('08007'), 'away'],
    ['a transaction taken back for another reason', refused('40002'), undefined],
    ['a pool without a connection', new Error('timeout exceeded when trying to connect'), 'busy'],
    ['a connection that is not answered', new Error('Query read timeout'), 'away'],
  ])('%s', (_what, error, kind) => {
    expect(faultOf(error)?.kind).toBe(kind)
  })
})
