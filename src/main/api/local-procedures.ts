import type { Services } from '../services/services.ts'
import type { Builder } from './builder.ts'
import { cancellableStream, progressStream } from './progress-stream.ts'

const never = new AbortController().signal

const databaseProcedures = (os: Builder['local']['database'], { database }: Services) => ({
  current: os.current.handler(({ context }) => database.current(context.caller)),
  test: os.test.handler(({ input, context }) => database.test(context.caller, input.target)),
  createSchema: os.createSchema.handler(({ input, context }) =>
    database.createSchema(context.caller, input.target),
  ),
  copy: os.copy.handler(({ input, context, signal = never }) =>
    cancellableStream(signal, (onProgress, stop) =>
      database.copy(context.caller, input.target, { onProgress, signal: stop }),
    ),
  ),
  switch: os.switch.handler(({ input, context }) => database.switchTo(context.caller, input.target)),
  migrate: os.migrate.handler(({ input, context }) => database.migrate(context.caller, input.target ?? null)),
})

const desktopProcedures = (os: Builder['local']['desktop'], { desktop }: Services) => ({
  list: os.list.handler(async () => ({ items: await desktop.list() })),
  change: os.change.handler(async ({ input: { name, isOn } }) => ({
    items: await desktop.change(name, isOn),
  })),
})

/** For whoever is on this machine. */
export const localProcedures = (os: Builder['local'], services: Services) => {
  const { system, settings, import: importer } = services
  return {
    database: databaseProcedures(os.database, services),
    desktop: desktopProcedures(os.desktop, services),
    join: os.join.handler(({ input, context }) => services.joinTokens.join(context.caller, input.token)),
    settings: os.settings.handler(({ context }) => settings.get(context.caller, { isLocal: true })),
    updateSettings: os.updateSettings.handler(({ input, context }) =>
      settings.update(context.caller, input, { isLocal: true }),
    ),
    doctor: os.doctor.handler(({ input, context }) => system.doctor(context.caller, input)),
    backup: os.backup.handler(({ input, context }) => system.backup(context.caller, input)),
    restore: os.restore.handler(({ input, context }) => system.restore(context.caller, input)),
    importPaths: os.importPaths.handler(({ input, context }) =>
      progressStream((report) =>
        importer.importPaths(context.caller, {
          ...input,
          onItem: (done, total, item) => report({ done, total, item }),
        }),
      ),
    ),
  }
}
