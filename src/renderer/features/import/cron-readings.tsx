import type { ImportItem } from '../../../shared/domain/import-result.ts'
import { Clock } from '../../ui/time.tsx'

type Readings = NonNullable<ImportItem['cronReadings']>

/** The next runs in both readings, side by side: what is meant is seen at once. */
export function CronReadings({ expression, standard, legacy }: Readings) {
  return (
    <dl className="import-readings">
      <dt className="t3">
        <code className="code">{expression}</code> as the standard says
      </dt>
      <Next times={standard.next} />
      <dt className="t3">as the old engine did</dt>
      <Next times={legacy.next} />
    </dl>
  )
}

const Next = ({ times }: { times: readonly string[] }) => (
  <dd className="num">
    {times.length === 0
      ? 'never'
      : times.slice(0, 3).map((at, i) => (
          <span key={at}>
            {i > 0 && ', '}
            <Clock at={at} />
          </span>
        ))}
  </dd>
)
