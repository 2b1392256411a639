import { AppError, messageOf } from '../../shared/domain/errors.ts'

/**
 * Driver exceptions, translated once: at the connection, so that every path (repositories, migrations,
 * checks) sees the same errors. What a caller cannot act on stays what it was: a bug.
 */

/**
 * What became of a statement that failed:
 * `duplicate`: a unique index refused it. `replay`: the database took its transaction back, because of others at
 * work at the same time: it may be run again as it was. `slow`: it was given up, for it took too long. `away`: the
 * database did not answer, whatever it did. `busy`: it was not asked, as all connections of this node were in use.
 * `unusable`: it answers, and cannot do its work until somebody mends it. `oversize`: it takes no value so large.
 */
export type FaultKind = 'duplicate' | 'replay' | 'slow' | 'away' | 'busy' | 'unusable' | 'oversize'

export interface DriverFault {
  kind: FaultKind
  /** Completes "the database WHERE …" for people; of a duplicate, what there is already. */
  text: string
}

/** One dialect's exceptions as a table: its code (or how that begins), and what it means. */
export type FaultTable = readonly (readonly [code: string, kind: FaultKind, text: string])[]

export const faultIn = (table: FaultTable, code: string): DriverFault | undefined => {
  const row = table.find(([prefix]) => code.startsWith(prefix))
  return row && { kind: row[1], text: row[2] }
}

/** A database that could not do its work: UNAVAILABLE, and whether it is worth another try. */
export class DatabaseFailure extends AppError {
  readonly kind: FaultKind

  constructor(kind: FaultKind, message: string, cause: unknown) {
    super('UNAVAILABLE', message, { cause })
    this.kind = kind
  }
}

/** A unique index refused a row: CONFLICT. */
export class DuplicateRecord extends AppError {
  constructor(message: string, cause: unknown) {
    super('CONFLICT', message, { cause })
  }
}

/** An error that crossed a thread: plain data. */
export interface DriverFailure {
  code: string | undefined
  message: string
  stack?: string | undefined
}

export const failureOf = (error: unknown): DriverFailure => ({
  code: codeOf(error),
  message: messageOf(error),
  stack: error instanceof Error ? error.stack : undefined,
})

export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined

/** Networks fail alike under every driver: Node's own codes, whatever server was asked. */
const NETWORK: FaultTable = [
  [
    'ECONNREFUSED',
    'away',
    'does not accept connections; check that the server runs, its address and its port',
  ],
  ['ECONNRESET', 'away', 'ended the connection'],
  ['EPIPE', 'away', 'ended the connection'],
  ['ETIMEDOUT', 'away', 'does not answer; check the network between this node and the server'],
  ['EHOSTUNREACH', 'away', 'cannot be reached; check the network between this node and the server'],
  ['ENETUNREACH', 'away', 'cannot be reached; check the network of this node'],
  ['EAI_AGAIN', 'away', 'has a name that cannot be looked up now; check the name service of this node'],
  ['ENOTFOUND', 'away', 'has a host name that nobody knows; check database.connection.server'],
  ['ENOENT', 'unusable', 'names a socket or file that is not there; check database.connection'],
  ['EACCES', 'unusable', 'has a socket or file this account may not use; check its rights'],
  [
    'SELF_SIGNED_CERT',
    'unusable',
    'shows a certificate nobody signed; name its file in database.connection.tls.ca',
  ],
  [
    'DEPTH_ZERO_SELF_SIGNED',
    'unusable',
    'shows a self-signed certificate; name it in database.connection.tls.ca',
  ],
  [
    'UNABLE_TO_VERIFY',
    'unusable',
    'shows a certificate of an unknown signer; name that in database.connection.tls.ca',
  ],
  [
    'UNABLE_TO_GET_ISSUER',
    'unusable',
    'shows a certificate of an unknown signer; name that in database.connection.tls.ca',
  ],
  ['CERT_HAS_EXPIRED', 'unusable', 'shows a certificate that has expired; renew it on the server'],
  [
    'ERR_TLS_CERT_ALTNAME',
    'unusable',
    'shows a certificate for another name; use that name as database.connection.server',
  ],
]

/** What Node itself says of a connection, for the dialects of servers. */
export const networkFault = (error: unknown): DriverFault | undefined => networkFaultOf(codeOf(error) ?? '')

/** The same for a driver that keeps Node's code somewhere else. */
export const networkFaultOf = (code: string): DriverFault | undefined => faultIn(NETWORK, code)

/** @returns the dialect's reading of an exception; undefined for a bug. */
export type FaultOf = (error: unknown) => DriverFault | undefined

/**
 * @param where names the database for the reader: a path, a server.
 * @returns an AppError CONFLICT (duplicate) or a DatabaseFailure, or the error itself.
 */
export const translateDriverError = (error: unknown, where: string, faultOf: FaultOf): unknown => {
  const known = appErrorIn(error)
  if (known) return known
  const fault = nearestFault(error, faultOf)
  if (!fault) return error
  if (fault.kind === 'duplicate')
    return new DuplicateRecord(`there is already a record with this ${fault.text}`, error)
  return new DatabaseFailure(fault.kind, `the database ${where} ${fault.text} (${messageOf(error)})`, error)
}

const DEPTH = 5

/** MikroORM puts its own exceptions around what a connection throws, and drivers theirs around the network's. */
function* causesOf(error: unknown): Generator<Error> {
  for (let at = error, depth = 0; at instanceof Error && depth < DEPTH; at = at.cause, depth += 1) yield at
}

const appErrorIn = (error: unknown): AppError | undefined => {
  for (const one of causesOf(error)) if (one instanceof AppError) return one
  return undefined
}

const nearestFault = (error: unknown, faultOf: FaultOf): DriverFault | undefined => {
  for (const one of causesOf(error)) {
    const fault = faultOf(one)
    if (fault) return fault
  }
  return undefined
}
