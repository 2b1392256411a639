/** Exit code of a bad option or configuration (docs: interface, exit codes). */
export const CONFIG_EXIT_CODE = 2

/**
 * The configuration cannot be used. `message` is one line: key path, what it has, what it may have; further
 * problems are in `problems`, the first one included.
 */
export class ConfigError extends Error {
  readonly exitCode = CONFIG_EXIT_CODE
  readonly problems: readonly string[]

  constructor(problems: readonly [string, ...string[]], cause?: unknown) {
    super(oneLine(problems[0]), { cause })
    this.name = 'ConfigError'
    this.problems = problems.map(oneLine)
  }
}

const oneLine = (text: string): string => text.replace(/\s*[\r\n]+\s*/g, ' ').trim()
