import { MessageChannel } from 'node:worker_threads'
import { localCaller } from '../../src/main/api/auth.ts'
import { createPortHandler } from '../../src/main/api/message-port.ts'
import { createRouter } from '../../src/main/api/router.ts'
import { createSocketLink } from '../../src/main/cli/socket-link.ts'
import { memoryLog } from '../../src/main/platform/log.ts'
import { createClient } from '../../src/shared/client/create-client.ts'
import { createHttpLink } from '../../src/shared/client/http-link.ts'
import { createIpcLink } from '../../src/shared/client/ipc-link.ts'
import { startHttpNode } from '../support/http-node.ts'
import { startLocalNode } from '../support/local-node.ts'
import { createMemoryNode } from '../support/memory-services.ts'
import { createRestLink } from '../support/rest-link.ts'
import { contractSuite } from './contract-suite.ts'

contractSuite('MessagePort', async () => {
  const node = createMemoryNode()
  const { port1, port2 } = new MessageChannel()
  createPortHandler(createRouter(node.services), memoryLog())(port2, localCaller('Manual'))
  const close = async (): Promise<void> => port1.close()
  return { ...node, client: createClient(createIpcLink(port1)), trigger: 'Manual', close }
})

contractSuite('RPC over HTTP', async () => {
  const node = await startHttpNode()
  const link = createHttpLink({ origin: node.server.url, token: () => node.tokens.admin })
  return { ...node, client: createClient(link), trigger: 'Manual', close: () => node.server.close() }
})

contractSuite('REST', async () => {
  const node = await startHttpNode()
  const link = createRestLink(node.server.url, node.tokens.admin)
  return { ...node, client: createClient(link), trigger: 'API', close: () => node.server.close() }
})

contractSuite('control socket', async () => {
  let removeFolder = async (): Promise<void> => {}
  const node = await startLocalNode((cleanUp) => void (removeFolder = cleanUp))
  const socket = createSocketLink(node.path)
  const close = async (): Promise<void> => {
    await socket.close()
    await node.control.close()
    await removeFolder()
  }
  return { ...node, client: createClient(socket.link), trigger: 'API', close }
})
