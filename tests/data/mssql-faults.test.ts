import { ConnectionError, RequestError } from 'tedious'
import { describe, expect, it } from 'vitest'
import { faultOf } from '../../src/main/data/dialects/mssql-faults.ts'
import { translateDriverError } from '../../src/main/data/errors.ts'

const refused = (number: number, message = 'words of the server'): Error =>
  Object.assign(new RequestError(message, 'EREQUEST'), { number })
const network = (code: string): Error => Object.assign(new Error(code), { code })

describe('SQL Server: a failure', () => {
  it.each([
    ['a deadlock', refused(1205), 'replay'],
    ['a row that changed under a snapshot', refused(3960), 'replay'],
    ['a lock that was not got in time', refused(1222), 'replay'],
    ['a database of Azure that is moved', refused(40613), 'away'],
    ['a tier that has no worker left', refused(10928), 'away'],
    ['a full service', refused(49918), 'away'],
    ['a statement that took too long', new RequestError('Timeout: Request failed', 'ETIMEOUT'), 'away'],
    ['a connection that is not answered', new ConnectionError('Failed to connect', 'ETIMEOUT'), 'away'],
    ['a connection that was lost', new RequestError('Connection closed', 'ECLOSE'), 'away'],
    ['a connection that is gone', new RequestError('Requests can only be made …', 'EINVALIDSTATE'), 'away'],
    ['a connection that mssql lost', network('ECONNCLOSED'), 'away'],
    ['a socket that was cut', network('ECONNRESET'), 'away'],
    ['an instance nobody knows', new ConnectionError('no such instance', 'EINSTLOOKUP'), 'away'],
    ['a pool that waits for the server', new Error('operation timed out for an unknown reason'), 'away'],
    ['a wrong password', refused(18456), 'unusable'],
    ['a login refused without a number', new ConnectionError('Login failed.', 'ELOGIN'), 'unusable'],
    ['a database that is not there', refused(4060), 'unusable'],
    ['a missing right', refused(229), 'unusable'],
    ['a full log', refused(9002), 'unusable'],
    ['a secondary replica', refused(3906), 'unusable'],
    [
      'a server that wants encryption',
      new ConnectionError('Server requires encryption', 'EENCRYPT'),
      'unusable',
    ],
  ])('%s', (_what, error, kind) => {
    expect(faultOf(error)?.kind).toBe(kind)
  })

  it.each([
    ['ECONNREFUSED', /does not accept connections/],
    ['ENOTFOUND', /a host name that nobody knows/],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', /a self-signed certificate/],
    ['EWHATEVER', /cannot be reached, or ended the connection/],
  ])('of the network is told from its cause: %s', (code, text) => {
    const direct = new ConnectionError('Failed to connect', 'ESOCKET', { cause: network(code) })
    const several = new AggregateError([network(code), network('ETIMEDOUT')], 'Could not connect (sequence)')
    expect(faultOf(direct)?.text).toMatch(text)
    expect(faultOf(new ConnectionError('Failed to connect', 'ESOCKET', { cause: several }))?.text).toMatch(
      text,
    )
  })

  it('of a unique index names it for people', () => {
    const index = `Cannot insert duplicate key row in object 'dbo.Tasks' with unique index 'uq_tasks_name'. The duplicate key value is (a, ).`
    expect(faultOf(refused(2601, index))).toEqual({
      kind: 'duplicate',
      text: 'Tasks TaskName, Tasks AppName',
    })
    const key = `Violation of PRIMARY KEY constraint 'pk_nodes'. Cannot insert duplicate key in object 'dbo.Nodes'.`
    expect(translateDriverError(refused(2627, key), 'cluster on db', faultOf)).toMatchObject({
      code: 'CONFLICT',
    })
  })

  it('that nobody foresaw stays what it is', () => {
    expect(faultOf(refused(208, "Invalid object name 'Tsks'."))).toBeUndefined()
    // 701 is out of memory; other numbers only begin like it.
    expect(faultOf(refused(7011))).toBeUndefined()
    expect(faultOf(new TypeError('a bug'))).toBeUndefined()
  })
})
