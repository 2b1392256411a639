/** Jobs, runspaces and tasks as this node has them in its cache. */
export function RuntimeView() {
  return null
}
