import type { LocalClient } from '../../shared/client/create-client.ts'
import { systemClock } from '../platform/clock.ts'
import type { Command } from './commands.ts'
import type { Outcome } from './run-command.ts'
import type { Terminal } from './terminal.ts'
import { joinedText, joinTokensText } from './text-joining.ts'
import { UsageError } from './usage-error.ts'

export type Joining = Extract<Command, { name: 'join' | `join-token ${string}` }>

export const isJoining = (command: { name: Command['name'] }): command is Joining =>
  command.name === 'join' || command.name.startsWith('join-token ')

/** `-`: from stdin, a person's or a pipe's, so that it stands in no history and no list of processes. */
export const readToken = async (token: string, terminal: Terminal): Promise<string> => {
  if (token !== '-') return token
  const read = terminal.askSecret ? await terminal.askSecret('Join token: ') : await terminal.readInput()
  if (read.trim() === '') throw new UsageError('join - reads the token from standard input, which was empty')
  return read.trim()
}

/** How nodes come into the cluster: tokens on one that is in, `join` on the newcomer. */
export const runJoining = async (command: Joining, client: LocalClient): Promise<Outcome> => {
  switch (command.name) {
    case 'join-token create': {
      const { expiresInMinutes } = command
      const data = await client.joinTokens.create(expiresInMinutes === null ? {} : { expiresInMinutes })
      return { data, text: `${data.token}\n` }
    }
    case 'join-token list': {
      const data = await client.joinTokens.list({})
      return { data, text: joinTokensText(data.items, systemClock.now()) }
    }
    case 'join-token revoke':
      await client.joinTokens.revoke({ joinTokenId: command.joinTokenId })
      return { data: { revoked: command.joinTokenId }, text: `Revoked ${command.joinTokenId}.\n` }
    case 'join': {
      const data = await client.local.join({ token: command.token })
      return { data, text: joinedText(data), exitCode: data.holdsKey ? 0 : 1 }
    }
  }
}
