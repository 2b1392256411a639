import type { ExportDocument } from '../../../shared/domain/import-result.ts'
import { EXPORT_SCHEMA, EXPORT_VERSION, exportedTask } from '../../../shared/domain/import/export-document.ts'
import { EXPORT_FORMAT } from '../../../shared/domain/import/source-kind.ts'
import { isoOf, type Clock } from '../../platform/clock.ts'
import type { ImportTasks } from './import-tasks.ts'

/** Every task as one document, by name; secrets as `{ "secret": true }`. Viewers may: it shows what lists show. */
export const createExport =
  (deps: { tasks: Pick<ImportTasks, 'list'>; clock: Clock }): (() => Promise<ExportDocument>) =>
  async () => ({
    $schema: EXPORT_SCHEMA,
    format: EXPORT_FORMAT,
    version: EXPORT_VERSION,
    exportedAt: isoOf(deps.clock.now()),
    tasks: (await deps.tasks.list()).map(exportedTask),
  })
