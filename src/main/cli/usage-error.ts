/** The command line cannot be understood: one line, what an option has and what it may have. */
export class UsageError extends Error {
  readonly exitCode = 2
}

/** `--port has "x"; it may be …` */
export const badOption = (option: string, has: string, mayBe: string): UsageError =>
  new UsageError(`${option} has "${has}"; it may be ${mayBe}`)

/** The exit code an error asks for: 2 bad options or configuration, 3 no database or folder, else 1. */
export const exitCodeOf = (error: unknown): number => {
  const code = (error as { exitCode?: unknown } | null)?.exitCode
  return typeof code === 'number' ? code : 1
}
