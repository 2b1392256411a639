import { createContext, use } from 'react'
import type { AppClient } from '../client.ts'

/** Given by app.tsx to the palette, which asks for records of every kind and keeps none of them. */
export const SearchClientContext = createContext<AppClient | null>(null)

export const useSearchClient = (): AppClient => {
  const client = use(SearchClientContext)
  if (!client) throw new Error('No client above this component')
  return client
}
