import { wordDiff } from '../lib/word-diff.ts'

interface InlineDiffProps {
  before: string
  after: string
  side: 'old' | 'new'
}

/** One side of a difference, marked inside the words that changed: struck and tinted, so it reads in grey. */
export function InlineDiff({ before, after, side }: InlineDiffProps) {
  const hidden = side === 'old' ? '+' : '-'
  return (
    <span className="diff mono">
      {wordDiff(before, after)
        .filter((piece) => piece.kind !== hidden)
        .map((piece, i) => {
          if (piece.kind === '-') return <del key={i}>{piece.text}</del>
          if (piece.kind === '+') return <ins key={i}>{piece.text}</ins>
          return <span key={i}>{piece.text}</span>
        })}
    </span>
  )
}
