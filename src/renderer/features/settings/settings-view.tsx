/** What this node is set to. */
export function SettingsView() {
  return null
}
