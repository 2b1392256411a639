import type { DatabaseProbe, DatabaseType } from '../../../../shared/domain/database.ts'
import { duration } from '../../../lib/format.ts'
import type { SslChoice } from './draft.ts'

/** What each kind of database is called, and what a person needs to know to fill its fields. */

export interface TypeWords {
  name: string
  /** Whom it is for. */
  help: string
  /** No server of its kind has run this program yet. */
  isPreview: boolean
  server: string
  account: string
}

const HOST = 'Host name or address'
const SERVER = { help: 'A server, which several nodes may use.', isPreview: false }

export const TYPE_WORDS: Record<DatabaseType, TypeWords> = {
  SQLite: {
    ...{ name: 'SQLite', server: '', account: '' },
    help: 'One file, for one node. Several nodes need a server.',
    isPreview: false,
  },
  PostgreSQL: {
    ...SERVER,
    name: 'PostgreSQL',
    server: `${HOST}, or the folder of its socket on this machine.`,
    account: 'A role of its own for the nodes; it needs no more than this one database.',
  },
  MySQL: {
    ...SERVER,
    name: 'MySQL, MariaDB',
    server: `${HOST}, or the path of its socket on this machine.`,
    account: 'An account of its own for the nodes; it needs no more than this one database.',
  },
  SqlServer: {
    name: 'SQL Server',
    help: 'Preview: not tried on a real server yet. Use it where nothing depends on it. For several nodes.',
    isPreview: true,
    server: `${HOST}.`,
    account: 'A login of its own for the nodes, a user of this one database.',
  },
}

export const SSL_WORDS: Record<SslChoice, string> = {
  '': 'on, unless the server is on this machine',
  true: 'on',
  'no-verify': 'on, but the certificate is not checked',
  false: 'off',
}

/** What the schema found there means, in words. */
export const schemaText = ({ schemaNeeds, schemaVersion }: DatabaseProbe): string => {
  switch (schemaNeeds) {
    case null:
      return 'not known'
    case 'create':
      return 'empty: the tables are still to be created'
    case 'copy':
      return 'part of a copy that was not finished'
    case 'nothing':
      return `version ${schemaVersion ?? '?'}`
    case 'migrate':
      return `version ${schemaVersion ?? '?'}, older than this program's`
    case 'newerProgram':
      return `version ${schemaVersion ?? '?'}, of a newer program: update this one`
  }
}

/** A second between two clocks is nothing; more makes times hard to read beside those of other programs. */
export const clockText = (offsetMs: number): string => {
  const seconds = Math.abs(offsetMs) / 1000
  if (seconds < 0.1) return 'as this machine'
  return `${duration(seconds)} ${offsetMs > 0 ? 'ahead of' : 'behind'} this machine`
}

export const latencyText = (ms: number): string => `${ms < 10 ? ms.toFixed(1) : Math.round(ms)}\u202fms`
