/** Variables as a process has them; names are looked up as written. */
export type Variables = Readonly<Record<string, string | undefined>>

/** What the program takes from its environment. Nothing else reads process.env. */
export interface Environment {
  /** For `${NAME}` in app.yaml; scripts inherit a few of them (exec/environment.ts). */
  variables: Variables
  /** PSWEBHOST_PASSPHRASE: of a backup's key, where nobody can be asked. */
  passphrase: string | null
  /** PSWEBHOST_NODE: the Node for supervisor and scripts, told by set-up to a face that is none itself. */
  nodePath: string | null
}

export const readEnvironment = (variables: Variables = process.env): Environment => ({
  variables,
  passphrase: variables['PSWEBHOST_PASSPHRASE'] ?? null,
  nodePath: variables['PSWEBHOST_NODE'] ?? null,
})
