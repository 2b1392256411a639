import type { DoctorReport, Finding } from '../../shared/domain/system.ts'
import { messageOf } from '../../shared/domain/errors.ts'

/** One thing the doctor looks at: says what it found, and mends it when asked and able. */
export interface Check {
  id: string
  what: string
  look(fix: boolean): Promise<Omit<Finding, 'id' | 'what'>[]>
}

export type Doctor = (options: { fix: boolean }) => Promise<DoctorReport>

/** A check that cannot be made is itself a finding; the others go on. */
const examine = async (check: Check, fix: boolean): Promise<Finding[]> => {
  try {
    const findings = await check.look(fix)
    return findings.map((finding) => ({ id: check.id, what: check.what, ...finding }))
  } catch (error) {
    return [
      {
        id: check.id,
        what: check.what,
        ok: false,
        severity: 'error',
        detail: `could not look: ${messageOf(error)}`,
      },
    ]
  }
}

/** `ok` is false while an error or a warning remains; what was mended just now counts as well. */
export const createDoctor =
  (checks: readonly Check[]): Doctor =>
  async ({ fix }) => {
    const findings: Finding[] = []
    for (const check of checks) findings.push(...(await examine(check, fix)))
    return { ok: findings.every((finding) => finding.ok || finding.fixed === true), findings }
  }

export const fine = (detail: string): Omit<Finding, 'id' | 'what'> => ({ ok: true, severity: 'info', detail })
export const problem = (
  severity: 'warning' | 'error',
  detail: string,
  fix?: string,
): Omit<Finding, 'id' | 'what'> => ({ ok: false, severity, detail, ...(fix ? { fix } : {}) })
