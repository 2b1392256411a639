import '@fontsource-variable/inter/wght.css'
import '@fontsource-variable/jetbrains-mono/wght.css'
import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import './theme/tokens.css'
import './theme/base.css'
import './ui/ui.css'
import './ui/dialog.css'
import './ui/filter.css'
import './ui/table.css'
import './ui/save-bar.css'
import './ui/run-timeline/run-timeline.css'
import './ui/duration-trend/duration-trend.css'
import './shell/shell.css'
import './features/tasks/tasks.css'
import './features/tasks/editor.css'
import './features/tasks/target.css'
import './features/history/history.css'
import './features/history/output.css'
import './features/calendar/calendar.css'
import './features/calendar/day.css'
import './features/nodes/nodes.css'
import './features/changes/changes.css'
import './features/changes/around.css'
import './features/overview/overview.css'
import './features/overview/lanes.css'
import './features/failures/failures.css'
import './features/sync/sync.css'
import './features/sync/conflict.css'
import './features/runtime/runtime.css'
import './features/import/import.css'
import './features/settings/settings.css'
import './features/settings/locks/locks.css'
import './features/settings/webhooks/webhooks.css'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { connectDesktop, isDesktop } from './client.ts'
import { createRouter } from './lib/router.ts'
import { createTicker } from './lib/ticker.ts'
import { takeToken } from './session.ts'

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')

// The token leaves the address before the router reads it.
const token = takeToken(window)
const tickers = { wall: createTicker(), data: createTicker() }
const desktop = isDesktop(window) ? connectDesktop(window) : null
createRoot(root).render(
  <App desktop={desktop} token={token} router={createRouter(window)} tickers={tickers} />,
)
