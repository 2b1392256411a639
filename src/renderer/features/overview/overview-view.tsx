/** What runs, what failed, what comes. */
export function OverviewView() {
  return null
}
