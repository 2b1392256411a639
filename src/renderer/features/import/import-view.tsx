/** Tasks from PSWebHost files, an export or the samples. */
export function ImportView() {
  return null
}
