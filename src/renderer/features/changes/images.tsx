import { useState } from 'react'
import type { ChangeDetail, Image } from '../../../shared/domain/change.ts'
import { Section } from '../../ui/text.tsx'

/** The record before and after, whole, as the log keeps it: one line a value, − and + where they differ. */
export function Images({ change }: { change: ChangeDetail }) {
  const [open, setOpen] = useState(false)
  const { oldData, newData } = change
  return (
    <Section
      title="Whole record before and after"
      aside={
        <button type="button" className="link" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? 'Hide' : 'Show'}
        </button>
      }
    >
      {open && (
        <div className="images">
          <ImageText title="Before" image={oldData} other={newData} mark="−" />
          <ImageText title="After" image={newData} other={oldData} mark="+" />
        </div>
      )}
    </Section>
  )
}

interface ImageTextProps {
  title: string
  image: Image | null
  other: Image | null
  mark: '−' | '+'
}

function ImageText({ title, image, other, mark }: ImageTextProps) {
  if (image === null) return <p className="t3">{title}: it was not there.</p>
  return (
    <table className="mono" aria-label={title}>
      <tbody>
        {Object.entries(image).map(([field, value]) => {
          const text = JSON.stringify(value, null, 2)
          const differs = other !== null && text !== JSON.stringify(other[field] ?? null, null, 2)
          return (
            <tr key={field} className={differs ? (mark === '+' ? 'added' : 'removed') : ''}>
              <td aria-label={differs ? 'differs' : undefined}>{differs ? mark : ''}</td>
              <th scope="row">{field}</th>
              <td>{text}</td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
