import { Button } from '@mantine/core'

/** The two ways on when somebody saved the same record meanwhile. */
export const StaleActs = ({ takeTheirs, keepMine }: { takeTheirs: () => void; keepMine: () => void }) => (
  <div className="row">
    <Button onClick={takeTheirs}>Take theirs, drop mine</Button>
    <Button onClick={keepMine}>Put mine over theirs</Button>
    <span className="t3 small">Nothing is saved until you press Save.</span>
  </div>
)
