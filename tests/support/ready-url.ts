import type { ChildProcess } from 'node:child_process'

/** No machine is so slow: a node that is not ready by then hangs, and whoever waits for it is told. */
const LONGEST_MS = 180_000

/**
 * The address a node answers at, which is the first line it prints; read on afterwards: nobody may wait for a full
 * pipe. Rejects when it prints another one, ends before, or says nothing for three minutes; it is killed then.
 * @param said what it wrote on stderr, for the message.
 */
export const readyUrl = (child: ChildProcess, said: () => string = () => ''): Promise<string> =>
  new Promise((resolve, reject) => {
    const fail = (why: string): void => {
      clearTimeout(limit)
      reject(new Error(`${why}\n${said()}`.trim()))
    }
    const limit = setTimeout(() => {
      fail(`the node (process ${child.pid}) was not ready after ${LONGEST_MS / 1000} s`)
      child.kill('SIGKILL')
    }, LONGEST_MS)
    let text = ''
    child.stdout?.setEncoding('utf8').on('data', (more: string) => {
      if (text.includes('\n')) return
      text += more
      if (!text.includes('\n')) return
      const [line = ''] = text.split('\n')
      const url = /^ready (https?:\S+)$/.exec(line)?.[1]
      clearTimeout(limit)
      if (url) resolve(url)
      else fail(`the first line of a node is "ready URL", not "${line}"`)
    })
    child.once('error', (error) => fail(error.message))
    // `close`, not `exit`: what it said last is read by then.
    child.once('close', (code, signal) => fail(`the node ended (${signal ?? code}) before it was ready`))
  })
