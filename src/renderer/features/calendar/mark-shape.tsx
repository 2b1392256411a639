/** 'Look here': what will not go as the schedule alone says. Its words stand beside it or in the name of what has it. */
export const MarkShape = ({ size = 12 }: { size?: number }) => (
  <svg className="mark-shape" width={size} height={size} viewBox="0 0 16 16" aria-hidden>
    <path d="M8 1.5L15.5 14.5H.5z" fill="currentColor" />
    <path d="M8 6v4M8 12v.2" stroke="var(--bg)" strokeWidth="1.7" strokeLinecap="round" />
  </svg>
)
