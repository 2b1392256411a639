import { groupBy } from '../../../src/shared/domain/group-by.ts'
import { totalsOf } from '../checker/check.ts'
import type { Verdict } from './soak.ts'

/** The figures of a soak, a line each. */
export const tableOf = ({ facts, exceptions, problems }: Verdict): string[] => {
  const totals = totalsOf(facts)
  const rows: [string, string | number][] = [
    ['slots due', totals.slots],
    ['runs', totals.runs],
    ...Object.entries(totals.states).map(([state, count]): [string, number] => [`  ${state}`, count]),
    ['slots skipped by their policies', totals.skipped],
    ['retries', totals.retries],
    ['late results, which did not count', totals.lateResults],
    ['faults', facts.faults.length],
    ...byKind(facts.faults),
    ['excepted by name', exceptions.length],
    ...byKind(exceptions),
    ['problems', problems.length],
  ]
  return rows.map(([what, count]) => `${what.padEnd(42)}${String(count).padStart(8)}`)
}

const byKind = (all: readonly { kind: string }[]): [string, number][] =>
  [...groupBy(all, ({ kind }) => kind)]
    .map(([kind, of]): [string, number] => [`  ${kind}`, of.length])
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
