import { createContext, use } from 'react'
import { useStore, type StoreApi } from 'zustand'

/** A place in the tree where a feature's store is given, and the two hooks that read it. */
export const storeContext = <S>(name: string) => {
  const Context = createContext<StoreApi<S> | null>(null)
  const useApi = (): StoreApi<S> => {
    const store = use(Context)
    if (!store) throw new Error(`No ${name} store above this component`)
    return store
  }
  const useState = <T>(select: (state: S) => T): T => useStore(useApi(), select)
  return { Provider: Context.Provider, useApi, useState }
}
