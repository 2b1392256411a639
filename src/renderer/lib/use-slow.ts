import { useEffect, useRef, useState } from 'react'
import { throttle } from './throttle.ts'

/** A value that changes at most every `ms`, however often the one it follows does. */
export const useSlow = <T>(value: T, ms: number): T => {
  const [slow, setSlow] = useState(() => value)
  const latest = useRef(value)
  const [follow] = useState(() => throttle(() => setSlow(() => latest.current), ms))
  useEffect(() => {
    if (latest.current === value) return
    latest.current = value
    follow()
  }, [value, follow])
  return slow
}
