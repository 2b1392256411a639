import { Command as Program, CommanderError, Option } from 'commander'
import { nearest } from '../../shared/domain/issues.ts'
import type { Command, CommonOptions, Parsed, StartOptions } from './commands.ts'
import { addCommands } from './program.ts'
import { badOption, UsageError } from './usage-error.ts'

interface RootOptions {
  headless?: true
  data?: string
  config?: string
  host?: string
  port?: number
  insecure?: true
  json?: true
}

const START_ONLY = ['headless', 'host', 'port', 'insecure'] as const

const parsePort = (text: string): number => {
  const port = Number(text)
  if (!/^\d{1,5}$/.test(text) || port > 65_535)
    throw badOption('--port', text, 'a whole number from 0 (any free one) to 65535')
  return port
}

const notEmpty =
  (option: string, what: string) =>
  (text: string): string => {
    if (text.trim() === '') throw badOption(option, text, what)
    return text
  }

const createProgram = (version: string): Program =>
  new Program('pswebhost-node')
    .description('Starts a node of PSWebHost Cluster, or asks the one of a data folder.')
    .version(version, '--version', 'print the version')
    .helpOption('--help', 'print this')
    .option('--headless', 'start without a window; the console is served over HTTP')
    .option(
      '--data <dir>',
      "the node's data folder (default: the platform's user-data folder)",
      notEmpty('--data', 'a folder'),
    )
    .option(
      '--config <file>',
      'its configuration (default: app.yaml in the data folder)',
      notEmpty('--config', 'a file'),
    )
    .option(
      '--host <address>',
      'address to listen on (default: 127.0.0.1)',
      notEmpty('--host', 'an address of this machine'),
    )
    .addOption(
      new Option('--port <number>', 'port to listen on, 0 for any free one (default: 7780)').argParser(
        parsePort,
      ),
    )
    .option('--insecure', 'listen beyond this machine without TLS')
    .option('--json', 'print results as JSON')
    .configureHelp({ showGlobalOptions: true })

const commonOf = ({ data, config, json }: RootOptions): CommonOptions => ({
  data: data ?? null,
  config: config ?? null,
  json: json ?? false,
})

const startOf = (options: RootOptions): StartOptions => ({
  ...commonOf(options),
  headless: options.headless ?? false,
  host: options.host ?? null,
  port: options.port ?? null,
  insecure: options.insecure ?? false,
})

/** An option that means nothing here is refused, not ignored. */
const commandOf = (command: Command, options: RootOptions): Parsed => {
  const stray = START_ONLY.find((name) => options[name] !== undefined)
  if (stray) throw new UsageError(`--${stray} is for starting a node; ${command.name} may not have it`)
  return { kind: 'command', command, options: commonOf(options) }
}

const quoted = (message: string): string => /'([^']*)'/.exec(message)?.[1] ?? ''

const optionsOf = (program: Program, args: readonly string[]): string[] => {
  const named = program.commands.find((command) => args.includes(command.name())) ?? program
  const inner = named.commands.find((command) => args.includes(command.name()))
  return [program, named, inner].flatMap((part) => part?.options.map(({ long }) => long ?? '') ?? [])
}

/** commander's complaints in our words: one line, what there is and what there may be. */
const explain = (error: CommanderError, program: Program, args: readonly string[]): UsageError => {
  const has = quoted(error.message)
  const commands = program.commands.map((command) => command.name()).join(', ')
  switch (error.code) {
    case 'commander.unknownOption': {
      const known = [...new Set([...optionsOf(program, args), '--help'])]
      const meant = nearest(has, known)
      return new UsageError(
        `${has} is not known; ${meant ? `did you mean ${meant}?` : `it may be ${known.join(', ')}`}`,
      )
    }
    case 'commander.unknownCommand':
    case 'commander.excessArguments': {
      // Of a sub-command it names the command; of the program itself it names nothing.
      if (error.code === 'commander.excessArguments' && has)
        return new UsageError(`${has} was given more arguments than it takes; see ${has} --help`)
      const word = has || args.find((arg) => !arg.startsWith('-')) || ''
      const group = program.commands.find((command) => command.name() === args[0])
      const there = group?.commands.map((command) => command.name()).join(', ') || commands
      return new UsageError(`"${word}" is not a command; it may be ${there}`)
    }
    case 'commander.help': {
      const group = program.commands.find((command) => args.includes(command.name()))
      const inner = group?.commands.map((command) => command.name()).join(', ')
      return new UsageError(`${group?.name() ?? ''} needs a command after it; it may be ${inner ?? ''}`)
    }
    case 'commander.optionMissingArgument':
      return new UsageError(`${has} has no value after it; see --help`)
    case 'commander.missingArgument':
      return new UsageError(`${has.toUpperCase()} is missing; see --help`)
    default:
      return new UsageError(error.message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' '))
  }
}

/**
 * What a command line asks for. `--help` and `--version` go to `print`.
 * @throws UsageError (exit code 2), one line.
 */
export const parseCommandLine = (
  args: readonly string[],
  { version, print }: { version: string; print: (text: string) => void },
): Parsed => {
  const program = createProgram(version)
  let parsed: Parsed | null = null
  program.action(() => {
    parsed = { kind: 'start', options: startOf(program.opts()) }
  })
  addCommands(program, (command) => {
    parsed = commandOf(command, program.opts())
  })
  const everyCommand = [program, ...program.commands, ...program.commands.flatMap(({ commands }) => commands)]
  for (const command of everyCommand)
    command
      .exitOverride()
      .allowExcessArguments(false)
      .helpOption('--help', 'print this')
      .configureOutput({ writeOut: print, writeErr: () => {} })
  try {
    program.parse(args, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return { kind: 'printed' }
    throw explain(error, program, args)
  }
  return parsed ?? { kind: 'printed' }
}
