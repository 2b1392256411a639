/** The sections of the settings, in their order; `path` is the second part of their addresses. */
export const SECTIONS = [
  { path: 'node', title: 'This node' },
  { path: 'database', title: 'Database' },
  { path: 'execution', title: 'Execution' },
  { path: 'locks', title: 'Lock groups' },
  { path: 'webhooks', title: 'Webhooks' },
  { path: 'retention', title: 'Retention' },
  { path: 'api', title: 'API and tokens' },
  { path: 'appearance', title: 'Appearance' },
  { path: 'about', title: 'About' },
] as const
