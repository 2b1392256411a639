import { RPCLink, type LinkMessagePortClientOptions } from '@orpc/client/message-port'
import { contextHeaders, type CallContext, type Link } from './create-client.ts'

/** A MessagePort of a browser, of Node or of Electron: the link needs no more than to post and to listen. */
export type Port = LinkMessagePortClientOptions['port']

/** Calls over a MessagePort whose other end the main process serves. The caller starts the port. */
export const createIpcLink = (port: Port): Link =>
  new RPCLink<CallContext>({ port, headers: ({ context }) => contextHeaders(context) })
