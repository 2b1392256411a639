import type { RequestListener } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { Socket } from 'node:net'
import type { ServerCertificate } from '../platform/certificate/certificate.ts'

/** Makes the servers of one HTTPS face, all with one certificate that can change. */
export interface SecureServers {
  create(handler: RequestListener): Server
  /** From the next connection on. */
  use(certificate: ServerCertificate): void
}

/** First byte of a TLS record that shakes hands. */
const HANDSHAKE = 0x16
/** Who connects and says nothing is let go. */
const SILENCE_MS = 30_000

export const createSecureServers = (first: ServerCertificate): SecureServers => {
  let { cert, key } = first
  const servers: Server[] = []
  return {
    create: (handler) => {
      const server = createServer({ cert, key, minVersion: 'TLSv1.2', handshakeTimeout: SILENCE_MS }, handler)
      answerClearText(server)
      servers.push(server)
      return server
    },
    use: (certificate) => {
      ;({ cert, key } = certificate)
      for (const server of servers) server.setSecureContext({ cert, key })
    },
  }
}

/**
 * Someone who speaks plain HTTP to the port is told so, instead of seeing a connection that breaks off. He is not
 * redirected: his token has crossed the network in clear by then, and should not go on doing so unnoticed.
 */
const answerClearText = (server: Server): void => {
  const open = new Set<Socket>()
  const shakeHands = server.listeners('connection')
  server.removeAllListeners('connection')
  server.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
    socket.on('error', () => socket.destroy())
    socket.setTimeout(SILENCE_MS, () => socket.destroy())
    socket.once('data', (start: Buffer) => {
      if (start[0] !== HANDSHAKE) return refuse(socket)
      socket.setTimeout(0)
      socket.pause()
      socket.unshift(start)
      for (const listener of shakeHands) listener.call(server, socket)
    })
  })
  // Node knows of connections that have shaken hands; the others would hold up the end by minutes.
  const closeKnown = server.closeAllConnections.bind(server)
  server.closeAllConnections = () => {
    closeKnown()
    for (const socket of open) socket.destroy()
  }
}

const SAYS_WHY = 'This port answers over HTTPS only. Use the same address with https:// in front.\n'

const refuse = (socket: Socket): void => {
  const head = [
    'HTTP/1.1 400 Bad Request',
    'content-type: text/plain; charset=utf-8',
    `content-length: ${Buffer.byteLength(SAYS_WHY)}`,
    'connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${SAYS_WHY}`)
  // What he still sends is read and forgotten: unread, it would reset the connection and lose the answer.
  socket.resume()
}
