import type { ChildProcess } from 'node:child_process'

/**
 * The address a node answers at, which is the first line it prints; read on afterwards: nobody may wait for a full
 * pipe. Rejects when it prints another one, or ends before.
 * @param said what it wrote on stderr, for the message.
 */
export const readyUrl = (child: ChildProcess, said: () => string = () => ''): Promise<string> =>
  new Promise((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`${why}\n${said()}`.trim()))
    let text = ''
    child.stdout?.setEncoding('utf8').on('data', (more: string) => {
      if (text.includes('\n')) return
      text += more
      if (!text.includes('\n')) return
      const [line = ''] = text.split('\n')
      const url = /^ready (https?:\S+)$/.exec(line)?.[1]
      if (url) resolve(url)
      else fail(`the first line of a node is "ready URL", not "${line}"`)
    })
    child.once('error', reject)
    // `close`, not `exit`: what it said last is read by then.
    child.once('close', (code, signal) => fail(`the node ended (${signal ?? code}) before it was ready`))
  })
