import { connect, type Connection } from '../../src/main/cli/connect.ts'
import { parseCommandLine } from '../../src/main/cli/options.ts'
import { runCommand } from '../../src/main/cli/run-command.ts'
import { systemClock } from '../../src/main/platform/clock.ts'

export interface Result {
  code: number
  out: string
  err: string
}

export interface Setting {
  open: () => Promise<Connection>
  controlPath: string
  configFile?: string
  workingDir: string
  passphrase?: string
  variables?: Record<string, string>
  answers?: string[]
  /** What stands on stdin. */
  input?: string
  watched?: boolean
}

/** Runs one command line as the program would, on a terminal that remembers. */
export const pswebhost = async (line: string, setting: Setting): Promise<Result> => {
  const parsed = parseCommandLine(line.split(' '), { version: '1', print: () => {} })
  if (parsed.kind !== 'command') throw new Error(`${line} is no command`)
  const { answers } = setting
  let out = ''
  let err = ''
  const code = await runCommand(parsed.command, {
    connect: () => connect({ ...setting, clock: systemClock }),
    terminal: {
      out: (text) => void (out += text),
      err: (text) => void (err += text),
      showsProgress: setting.watched ?? false,
      askSecret: answers ? async (question) => ((err += question), answers.shift() ?? '') : null,
      readInput: () => Promise.resolve(setting.input ?? ''),
    },
    json: parsed.options.json,
    workingDir: setting.workingDir,
    passphrase: setting.passphrase ?? null,
    variables: setting.variables ?? {},
  })
  return { code, out, err }
}

export const notOpened = async (): Promise<Connection> => {
  throw new Error('opened the folder of a running node')
}
