import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { UsageError } from './usage-error.ts'

/** Where a command prints and asks. Results go to `out`, everything else to `err`. */
export interface Terminal {
  out(text: string): void
  err(text: string): void
  /** Someone watches stderr: progress may move. */
  showsProgress: boolean
  /** Asks without echo; null when nobody is there to answer. */
  askSecret: ((question: string) => Promise<string>) | null
  /** Everything on stdin, to its end. */
  readInput(): Promise<string>
}

export interface Streams {
  stdin: NodeJS.ReadStream
  stdout: NodeJS.WriteStream
  stderr: NodeJS.WriteStream
}

const askSecret =
  ({ stdin, stderr }: Streams) =>
  (question: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
      const reader = createInterface({ input: stdin, output: silent, terminal: true })
      stderr.write(question)
      reader.once('SIGINT', () => reader.close())
      reader.once('close', () => {
        stderr.write('\n')
        reject(new UsageError('cancelled'))
      })
      reader.question('', (answer) => {
        resolve(answer)
        reader.close()
      })
    })

export const createTerminal = (streams: Streams): Terminal => ({
  out: (line) => void streams.stdout.write(line),
  err: (line) => void streams.stderr.write(line),
  showsProgress: streams.stderr.isTTY,
  askSecret: streams.stdin.isTTY ? askSecret(streams) : null,
  readInput: () => text(streams.stdin),
})

/** One moving line on stderr while work goes on; nothing when it is not watched. */
export const createProgress = (terminal: Terminal): { show(text: string): void; end(): void } => {
  const write = (text: string): void => {
    // Carriage return and erase to the end of the line.
    if (terminal.showsProgress) terminal.err(`\r\u001b[K${text}`)
  }
  return { show: (text) => write(text.slice(0, 79)), end: () => write('') }
}
