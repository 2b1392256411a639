import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { useCallback, useEffect, useMemo, useState, type ReactNode } from 'react'
import { useStore } from 'zustand'
import { connectBrowser, type Connected } from './client.ts'
import { calendarContext } from './features/calendar/store.ts'
import { changesContext } from './features/changes/store.ts'
import { failuresContext } from './features/failures/store.ts'
import { historyContext } from './features/history/store.ts'
import { importContext } from './features/import/store.ts'
import { nodesContext } from './features/nodes/store.ts'
import { overviewContext } from './features/overview/store.ts'
import { runtimeContext } from './features/runtime/store.ts'
import { settingsContext } from './features/settings/store.ts'
import { conflictsContext } from './features/sync/store.ts'
import { tasksContext } from './features/tasks/store.ts'
import { LocalContext } from './lib/local.ts'
import { RoleContext } from './lib/role.ts'
import { RouteContext, RouterContext, useCurrentRoute, type Router } from './lib/router.ts'
import { createTrail, TrailContext } from './lib/trail.ts'
import { TickerContext, type Ticker } from './lib/ticker.ts'
import { useEvents } from './lib/use-events.ts'
import { dropToken, keepToken } from './session.ts'
import { clusterContext } from './shell/cluster-store.ts'
import { ConnectionContext } from './shell/connection.ts'
import { SearchClientContext } from './shell/search-client.ts'
import { Shell } from './shell/shell.tsx'
import { failureCountsContext } from './shell/failure-store.ts'
import { syncContext } from './shell/sync-store.ts'
import { allowed, awayOf, systemContext } from './shell/system-store.ts'
import { TokenForm } from './shell/token-form.tsx'
import { createStores, type Stores } from './stores.ts'
import { cssVariables, theme } from './theme/theme.ts'
import { Views } from './views.tsx'

interface AppProps {
  /** In the desktop window: its node, where nobody signs in. In a browser null. */
  desktop: Connected | null
  token: string | null
  router: Router
  tickers: { wall: Ticker; data: Ticker }
}

/** The whole window: a token form (browser only), or the shell with the view the address names. */
export function App({ desktop, token, router, tickers }: AppProps) {
  const [trail] = useState(createTrail)
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <TickerContext value={tickers}>
        <RouterContext value={router}>
          <TrailContext value={trail}>
            {desktop ? (
              <Running connected={desktop} tickers={tickers} onSignOut={null} />
            ) : (
              <InBrowser token={token} tickers={tickers} />
            )}
          </TrailContext>
          <Notifications position="bottom-right" limit={3} autoClose={10_000} />
        </RouterContext>
      </TickerContext>
    </MantineProvider>
  )
}

/** A browser shows a token before it is shown anything. */
function InBrowser({ token: first, tickers }: Pick<AppProps, 'token' | 'tickers'>) {
  const [token, setToken] = useState(first)
  const [reason, setReason] = useState<string | null>(null)
  const signIn = (text: string): void => {
    keepToken(window, text)
    setReason(null)
    setToken(text)
  }
  const signOut = useCallback((why: string | null) => {
    dropToken(window)
    setReason(why)
    setToken(null)
  }, [])
  const connected = useMemo(
    () => (token === null ? null : connectBrowser({ token, onUnauthorized: signOut })),
    [token, signOut],
  )
  return connected === null ? (
    <TokenForm reason={reason} onToken={signIn} />
  ) : (
    <Running key={token} connected={connected} tickers={tickers} onSignOut={() => signOut(null)} />
  )
}

interface RunningProps {
  connected: Connected
  tickers: AppProps['tickers']
  onSignOut: (() => void) | null
}

function Running({ connected, tickers, onSignOut }: RunningProps) {
  const stores = useMemo(() => createStores(connected), [connected])
  useEvents(stores.stream)
  useFrozenTime(stores, tickers.data)
  usePolledSystem(stores)
  return (
    <LocalContext value={connected.local}>
      <SearchClientContext value={connected.client}>
        <Provided stores={stores}>
          <AtAddress>
            <Shell onSignOut={onSignOut}>
              <Views />
            </Shell>
          </AtAddress>
        </Provided>
      </SearchClientContext>
    </LocalContext>
  )
}

/** Only who looks at the address is rendered again when it changes. */
function AtAddress({ children }: { children: ReactNode }) {
  return <RouteContext value={useCurrentRoute()}>{children}</RouteContext>
}

function Provided({ stores, children }: { stores: Stores; children: ReactNode }) {
  const info = useStore(stores.system, (state) => state.info)
  const role = useMemo(() => (needs: Parameters<typeof allowed>[1]) => allowed(info, needs), [info])
  return (
    <ConnectionContext value={stores.stream}>
      <RoleContext value={role}>
        <systemContext.Provider value={stores.system}>
          <clusterContext.Provider value={stores.cluster}>
            <syncContext.Provider value={stores.sync}>
              <failureCountsContext.Provider value={stores.failureCounts}>
                <Features stores={stores}>{children}</Features>
              </failureCountsContext.Provider>
            </syncContext.Provider>
          </clusterContext.Provider>
        </systemContext.Provider>
      </RoleContext>
    </ConnectionContext>
  )
}

function Features({ stores, children }: { stores: Stores; children: ReactNode }) {
  return (
    <nodesContext.Provider value={stores.nodes}>
      <tasksContext.Provider value={stores.tasks}>
        <historyContext.Provider value={stores.history}>
          <calendarContext.Provider value={stores.calendar}>
            <changesContext.Provider value={stores.changes}>
              <conflictsContext.Provider value={stores.conflicts}>
                <failuresContext.Provider value={stores.failures}>
                  <runtimeContext.Provider value={stores.runtime}>
                    <overviewContext.Provider value={stores.overview}>
                      <importContext.Provider value={stores.importer}>
                        <settingsContext.Provider value={stores.settings}>
                          {children}
                        </settingsContext.Provider>
                      </importContext.Provider>
                    </overviewContext.Provider>
                  </runtimeContext.Provider>
                </failuresContext.Provider>
              </conflictsContext.Provider>
            </changesContext.Provider>
          </calendarContext.Provider>
        </historyContext.Provider>
      </tasksContext.Provider>
    </nodesContext.Provider>
  )
}

/** While the node, or its database, is away, 'in 5 m' stands still: nobody knows whether it is still true. */
const useFrozenTime = (stores: Stores, ticker: Ticker): void => {
  useEffect(() => {
    const { stream, system } = stores
    const look = (): void => {
      const unreachable = stream.connection.getState().state === 'away'
      ticker.freeze(unreachable || awayOf(system.getState().info) !== null)
    }
    const stops = [stream.connection.subscribe(look), system.subscribe(look)]
    return () => stops.forEach((stop) => stop())
  }, [stores, ticker])
}

const POLL_MS = 10_000

/** Keeps the node's own line fresh, and notices a connection that hangs without an end. */
const usePolledSystem = (stores: Stores): void => {
  useEffect(() => {
    const poll = async (): Promise<void> => {
      const answered = await stores.system.getState().ping(POLL_MS / 2)
      // That a node fell silent is nobody's event.
      if (answered) void stores.cluster.getState().load()
      if (!answered && stores.stream.connection.getState().state === 'live') stores.stream.retryNow()
    }
    const timer = setInterval(() => void poll(), POLL_MS)
    return () => clearInterval(timer)
  }, [stores])
}
