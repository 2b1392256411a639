import { createContext, use, useEffect } from 'react'
import { createStore, useStore, type StoreApi } from 'zustand'
import { useRoute, type Route } from './router.ts'

/** The record a view shows, by its name, and the page it is shown on. */
interface Named {
  name: string | null
  page: string
}

/** For the top bar and the title of the tab. */
export const createTrail = () => createStore<Named>(() => ({ name: null, page: '' }))

export const TrailContext = createContext<StoreApi<Named> | null>(null)

const useTrailStore = (): StoreApi<Named> => {
  const store = use(TrailContext)
  if (!store) throw new Error('No trail above this component')
  return store
}

const pageOf = ({ path }: Route): string => path.join('/')

/** Null until the page of the address is shown: the name of the one before is none of it. */
export const useTrailName = (): string | null => {
  const page = pageOf(useRoute())
  return useStore(useTrailStore(), (state) => (state.page === page ? state.name : null))
}

/** Names what is shown while the component is mounted. */
export const useNamed = (name: string | null): void => {
  const store = useTrailStore()
  const page = pageOf(useRoute())
  useEffect(() => {
    store.setState({ name, page })
    document.title = name ? `${name} · PSWebHost Cluster` : 'PSWebHost Cluster'
    return () => {
      store.setState({ name: null, page: '' })
      document.title = 'PSWebHost Cluster'
    }
  }, [store, name, page])
}
