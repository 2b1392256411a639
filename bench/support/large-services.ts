import { openCore } from '../../src/main/app/core.ts'
import { composeServices } from '../../src/main/app/compose-services.ts'
import { prepareCore } from '../../src/main/app/prepare-core.ts'
import { readEnvironment } from '../../src/main/config/environment.ts'
import type { Services } from '../../src/main/services/services.ts'
import { sourceProgram } from '../../tests/support/program.ts'

/** The use cases over the large database; without an engine, which would run its due tasks. */
export const openServices = async (
  folder: string,
): Promise<{ services: Services; close(): Promise<void> }> => {
  const prepared = await prepareCore({
    dataDir: folder,
    cliOverrides: { port: 0 },
    environment: readEnvironment(),
    program: sourceProgram,
    logLevel: 'error',
  })
  const core = await openCore(await prepared.identify())
  const unused = (): never => {
    throw new Error('the benchmark neither backs up nor restores')
  }
  const { services } = composeServices(core, { backup: unused, restore: unused })
  return {
    services,
    close: async () => {
      await core.close()
      await prepared.log.close()
    },
  }
}
