import { checkDatabase, type Finding as DataFinding } from '../../data/check.ts'
import type { OpenDatabase } from '../../data/db.ts'
import { clockRequirement } from '../../data/probe.ts'
import { repairFinding } from '../../data/repair.ts'
import type { Clock } from '../../platform/clock.ts'
import { systemCaller } from '../caller.ts'
import type { DatabaseConfig } from '../../data/dialects/dialect.ts'
import type { Check } from '../doctor.ts'

/** Damage is an error whatever else; what can be mended by machine is a warning until it is. */
const severityOf = (finding: DataFinding): 'info' | 'warning' | 'error' =>
  finding.ok ? 'info' : finding.fix ? 'warning' : 'error'

const REPAIR = { actor: systemCaller.actor, reason: 'doctor --fix' }

/** Integrity, schema, triggers, orphan rows, digests and size: what the data says of itself. */
export const databaseCheck = (db: OpenDatabase, clock: Clock): Check => ({
  id: 'database',
  what: 'Database',
  look: async (fix) => {
    const found = await checkDatabase(db)
    const repairs = new Map<string, string>()
    if (fix) {
      for (const finding of found) {
        const done = await repairFinding(db, finding, { context: REPAIR, clock })
        if (done !== null) repairs.set(finding.id, done)
      }
    }
    return found.map((finding) => ({
      ok: finding.ok,
      severity: severityOf(finding),
      detail: `${finding.what}: ${repairs.get(finding.id) ?? finding.detail}`,
      ...(finding.fix ? { fix: finding.fix, fixable: true } : {}),
      ...(repairs.has(finding.id) ? { fixed: true } : {}),
    }))
  },
})

/** Version, settings and rights of the server, and its clock: what the node needs of it. */
export const serverCheck = (db: OpenDatabase, config: DatabaseConfig): Check => ({
  id: 'server',
  what: 'Database server',
  look: async () => {
    const offset = db.server?.clockOffsetMs() ?? 0
    const found = [
      ...(await db.dialect.requirements(db.read, config, db.schemaVersion)),
      clockRequirement(offset),
    ]
    return found.map(({ ok, severity, what, detail, fix }) => ({
      ok,
      severity,
      detail: `${what}: ${detail}`,
      ...(fix === undefined ? {} : { fix }),
    }))
  },
})
