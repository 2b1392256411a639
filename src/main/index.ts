import { app } from 'electron'

/** The desktop face. This version has no window yet: it says how to start the node, and starts nothing. */
process.stderr.write(
  'The desktop window is not part of this version. Start the node headless and open its address in a browser:\n' +
    '  npm start -- --headless\n',
)
app.exit(1)
