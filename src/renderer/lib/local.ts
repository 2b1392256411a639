import { createContext, use } from 'react'
import type { LocalClient } from '../../shared/client/create-client.ts'

/** What only the desktop window may ask of its node; null in a browser. */
export const LocalContext = createContext<LocalClient | null>(null)

export const useLocal = (): LocalClient | null => use(LocalContext)
