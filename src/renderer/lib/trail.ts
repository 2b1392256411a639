import { createContext, use, useEffect } from 'react'
import { createStore, useStore, type StoreApi } from 'zustand'

/** The name of the record a view shows, for the top bar and the title of the tab. */
export const createTrail = () => createStore<{ name: string | null }>(() => ({ name: null }))

export const TrailContext = createContext<StoreApi<{ name: string | null }> | null>(null)

const useTrailStore = (): StoreApi<{ name: string | null }> => {
  const store = use(TrailContext)
  if (!store) throw new Error('No trail above this component')
  return store
}

export const useTrailName = (): string | null => useStore(useTrailStore(), (state) => state.name)

/** Names what is shown while the component is mounted. */
export const useNamed = (name: string | null): void => {
  const store = useTrailStore()
  useEffect(() => {
    store.setState({ name })
    document.title = name ? `${name} · PSWebHost Cluster` : 'PSWebHost Cluster'
    return () => {
      store.setState({ name: null })
      document.title = 'PSWebHost Cluster'
    }
  }, [store, name])
}
