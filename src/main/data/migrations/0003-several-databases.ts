import { required, type SchemaStep } from './schema-step.ts'

/**
 * What database servers need besides: the counter that numbers changes in the order they became visible
 * (sequencer.ts), and the queue in the order of claims, so that a claim reads what it takes and no more.
 */
export const severalDatabases: SchemaStep = {
  name: '0003_several_databases',
  minProgram: '0.1.0',
  up: (schema) => {
    schema.table('Sync_Counter', { CounterID: required('whole'), Value: required('bigint') }, ['CounterID'])
    schema.index('Data_Change', {
      name: 'idx_change_pending',
      columns: ['LocalSeq'],
      where: '"Seq" is null',
      onlyPartial: true,
    })
    schema.index('Task_History', {
      name: 'idx_history_claim',
      columns: ['State', 'Priority desc', 'ScheduledFor', 'HistoryID'],
      where: `"State" = 'Queued'`,
    })
  },
}
