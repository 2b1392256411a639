import { createContext, use } from 'react'
import type { Role } from '../../shared/domain/role.ts'

/** Given by app.tsx: what the token may do. The node decides in the end; the window only says why in advance. */
export const RoleContext = createContext<(needs: Role) => boolean>(() => true)

/** Null when the token may do it, else the reason for the button's hover. */
export const useRefusal = (needs: Role): string | null =>
  use(RoleContext)(needs) ? null : `Your token may not do this; it needs the role ${needs}.`
