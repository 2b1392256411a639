import { groupBy } from '../../../src/shared/domain/group-by.ts'
import { totalsOf } from '../checker/check.ts'
import type { Verdict } from './soak.ts'

/** The figures of a soak, a line each. */
export const tableOf = ({ facts, exceptions, problems }: Verdict): string[] => {
  const totals = totalsOf(facts)
  const faults = [...groupBy(facts.faults, ({ kind }) => kind)].toSorted(([one], [other]) =>
    one < other ? -1 : 1,
  )
  const rows: [string, string | number][] = [
    ['slots due', totals.slots],
    ['runs', totals.runs],
    ...Object.entries(totals.states).map(([state, count]): [string, number] => [`  ${state}`, count]),
    ['slots skipped by their policies', totals.skipped],
    ['retries', totals.retries],
    ['late results, which did not count', totals.lateResults],
    ['faults', facts.faults.length],
    ...faults.map(([kind, of]): [string, number] => [`  ${kind}`, of.length]),
    ['twice at once, excepted by name', exceptions.length],
    ['problems', problems.length],
  ]
  return rows.map(([what, count]) => `${what.padEnd(36)}${String(count).padStart(8)}`)
}
