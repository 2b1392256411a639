import type { ClusterNode } from '../../../shared/domain/node.ts'

/** More slots than this are one bar: single ones would be thinner than the gaps between them. */
const MOST_SLOTS = 12

/** `2/8` and the same as a bar, a piece per slot. */
export function Load({ node }: { node: ClusterNode }) {
  const { running, maxConcurrentTasks: slots } = node
  if (node.state === 'Retired' && running === 0) return <span className="t3">–</span>
  if (slots === 0 && running === 0)
    return <span className="t3">{node.nodeRole === 'admin' ? 'admin desk' : 'takes no runs'}</span>
  return (
    <span className="load">
      <span className="num">
        {running}
        <span className="t3">/{slots}</span>
      </span>
      <span className="load-bar" aria-hidden>
        {slots > MOST_SLOTS ? (
          <Share share={Math.min(1, running / slots)} />
        ) : (
          Array.from({ length: Math.max(slots, running) }, (_, i) => (
            <i key={i} className={i < running ? 'used' : ''} />
          ))
        )}
      </span>
    </span>
  )
}

function Share({ share }: { share: number }) {
  return (
    <>
      <i className="used joined" style={{ flexGrow: share }} />
      <i className="joined" style={{ flexGrow: 1 - share }} />
    </>
  )
}
