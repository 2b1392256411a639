import type { DatabaseCheck } from '../../../shared/domain/database.ts'

/** One requirement of a database, met or not. `fix` is for whoever administers the server. */
export const requirement = (
  id: string,
  what: string,
  met: boolean,
  detail: string,
  unmet: { severity?: 'error' | 'warning'; fix?: string } = {},
): DatabaseCheck =>
  met
    ? { id, ok: true, severity: 'info', what, detail }
    : {
        id,
        ok: false,
        severity: unmet.severity ?? 'error',
        what,
        detail,
        ...(unmet.fix === undefined ? {} : { fix: unmet.fix }),
      }

/** Whether a version (major.minor.patch) is at least another. */
export const atLeast = (version: string, least: readonly number[]): boolean => {
  const parts = version.split('.').map((part) => Number.parseInt(part, 10) || 0)
  const at = least.findIndex((part, index) => (parts[index] ?? 0) !== part)
  return at < 0 || (parts[at] ?? 0) > (least[at] ?? 0)
}

/** The largest value a row may hold, of what a node may write: an output, as text of a statement. */
export const LARGEST_VALUE = 16 * 1024 * 1024
