import { once } from 'node:events'
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net'

/** The way to a server, which can be cut: what networks and servers that restart do to a program. */
export interface TcpProxy {
  port: number
  /** Ends every connection and takes none, as a server that is down. */
  refuse(): Promise<void>
  /** Takes connections again. */
  accept(): Promise<void>
  /** Connections stay, and nothing comes back on them: neither answers nor an end. What is sent arrives. */
  mute(muted: boolean): void
  close(): Promise<void>
}

export const startTcpProxy = async (target: { host: string; port: number }): Promise<TcpProxy> => {
  const open = new Set<Socket>()
  let muted = false
  const forward = (client: Socket): void => {
    const server = connect(target)
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      open.add(one)
      one.on('error', () => {})
      one.on('close', () => {
        open.delete(one)
        other.destroy()
      })
    }
    client.on('data', (bytes) => server.write(bytes))
    // What an answer said while nothing came through is lost, and its connection with it.
    server.on('data', (bytes) => !muted && client.write(bytes))
  }
  const listen = async (port: number): Promise<Server> => {
    const listener = createServer(forward).listen(port, '127.0.0.1')
    await once(listener, 'listening')
    return listener
  }
  let listener: Server | null = await listen(0)
  const { port } = listener.address() as AddressInfo
  const refuse = async (): Promise<void> => {
    const closed = listener && once(listener, 'close')
    listener?.close()
    listener = null
    for (const socket of open) socket.destroy()
    await closed
  }
  return {
    port,
    refuse,
    accept: async () => {
      listener ??= await listen(port)
    },
    mute: (now) => {
      muted = now
    },
    close: refuse,
  }
}
