import { CheckIcon } from '@primer/octicons-react'
import type { ReactNode } from 'react'
import { useKept } from '../../../lib/kept-switch.ts'
import { firstSteps, type StepName } from './store.ts'

interface StepProps {
  name: StepName
  number: number
  title: string
  /** What it is about, or what came of it. */
  words: ReactNode
  done: boolean
  children: ReactNode
}

/** One of the first steps: what it is for, what to do, and the way round it. */
export function Step({ name, number, title, words, done, children }: StepProps) {
  const kept = firstSteps[name]
  const open = useKept(kept)
  return (
    <li aria-label={`Step ${number}, ${title}`}>
      <span className={done ? 'step-n done' : 'step-n'}>
        {done ? <CheckIcon size={12} aria-label="done" /> : number}
      </span>
      <div className="grow">
        <h3>{title}</h3>
        <p className="t2 small">{words}</p>
        {open && children}
      </div>
      <button
        type="button"
        className="link small"
        aria-expanded={open}
        aria-label={`${open ? 'Skip' : 'Show'} ${title.toLowerCase()}`}
        onClick={() => kept.set(!open)}
      >
        {open ? 'Skip' : 'Show'}
      </button>
    </li>
  )
}
