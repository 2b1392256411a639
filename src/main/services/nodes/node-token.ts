import { createHash, randomBytes } from 'node:crypto'

/** A node's own credential: `psn_` and 32 random bytes. Node_State holds its SHA-256, DIR/node.token its text. */

const PREFIX = 'psn_'
const FORM = /^psn_[\w-]{43}$/

export const newNodeToken = (): string => PREFIX + randomBytes(32).toString('base64url')

export const nodeTokenHash = (token: string): string => createHash('sha256').update(token).digest('hex')

/** Anything else is refused before the database is asked. */
export const isNodeToken = (text: string): boolean => FORM.test(text)
