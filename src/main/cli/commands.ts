import type { Role } from '../../shared/domain/role.ts'

/** What the command line can ask of a node, parsed. */
export type Command =
  | { name: 'import'; paths: string[]; dryRun: boolean; cron: 'standard' | 'legacy'; addScriptRoot: boolean }
  | { name: 'export'; file: string | null }
  | { name: 'token create'; role: Role; tokenName: string | null }
  | { name: 'token list' }
  | { name: 'token revoke'; tokenId: string }
  | { name: 'join-token create'; expiresInMinutes: number | null }
  | { name: 'join-token list' }
  | { name: 'join-token revoke'; joinTokenId: string }
  | { name: 'join'; token: string }
  | { name: 'doctor'; fix: boolean }
  | { name: 'backup'; file: string; withKey: boolean; passphraseFile: string | null }
  | { name: 'restore'; file: string; passphraseFile: string | null }
  | { name: 'migrate' }
  | { name: 'copy-database'; to: string }
  | { name: 'sample list' }
  | { name: 'sample import'; names: string[] }

/** Where the node is, and how to answer. */
export interface CommonOptions {
  data: string | null
  config: string | null
  json: boolean
}

export interface StartOptions extends CommonOptions {
  headless: boolean
  host: string | null
  port: number | null
  insecure: boolean
}

export type Parsed =
  | { kind: 'start'; options: StartOptions }
  | { kind: 'command'; command: Command; options: CommonOptions }
  /** `--help` or `--version`: it has been printed. */
  | { kind: 'printed' }
