import { sql } from 'kysely'

const DIGITS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]

const digits = sql.join(
  DIGITS.map((digit) => sql`select ${sql.lit(String(digit))} as d`),
  sql` union all `,
)

const places = ['a', 'b', 'c', 'd', 'e']

/** A table `n` of the numbers below 100,000 as five `digits`, in words that every database knows. */
export const numbers = sql`(select ${sql.join(
  places.map((place) => sql.ref(`${place}.d`)),
  sql` || `,
)} as digits from ${sql.join(
  places.map((place) => sql`(${digits}) ${sql.ref(place)}`),
  sql` cross join `,
)}) n`
