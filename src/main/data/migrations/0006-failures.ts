import { optional, required, type SchemaStep, type SchemaWriter } from './schema-step.ts'

/** The inbox: what fails since when, folded by task, until somebody has seen it. */
const failureTable = (schema: SchemaWriter): void => {
  schema.table(
    'Task_Failure',
    {
      FailureID: required('key'),
      TaskID: required('key'),
      TaskName: required('longText'),
      AppName: optional('longText'),
      NodeID: optional('key'),
      FirstAt: required('time'),
      FirstHistoryID: required('key'),
      FailingSince: required('time'),
      LastAt: required('time'),
      LastHistoryID: required('key'),
      LastScheduledFor: required('time'),
      LastState: required('word'),
      LastError: optional('longText'),
      FailureCount: required('whole'),
      RecoveredAt: optional('time'),
      RecoveredHistoryID: optional('key'),
      AcknowledgedAt: optional('time'),
      AcknowledgedBy: optional('name200'),
      Note: optional('longText'),
      UpdatedAt: required('time'),
      Version: required('whole'),
    },
    ['FailureID'],
  )
  schema.index('Task_Failure', { name: 'idx_failure_task', columns: ['TaskID', 'RecoveredAt'] })
  schema.index('Task_Failure', { name: 'idx_failure_last', columns: ['LastAt', 'FailureID'] })
  schema.index('Task_Failure', {
    name: 'idx_failure_failing',
    columns: ['RecoveredAt', 'LastAt', 'FailureID'],
  })
  schema.index('Task_Failure', { name: 'idx_failure_open', columns: ['AcknowledgedAt', 'LastAt'] })
  schema.index('Task_Failure', { name: 'idx_failure_updated', columns: ['UpdatedAt'] })
}

/** Who outside is told of it. */
const webhookTable = (schema: SchemaWriter): void => {
  schema.table(
    'Webhook',
    {
      WebhookID: required('key'),
      WebhookName: required('name100'),
      Origin: required('longText'),
      Url: required('json'),
      Secret: required('json'),
      Enabled: required('flag'),
      DisabledReason: optional('longText'),
      OnFailure: required('flag'),
      OnRecovery: required('flag'),
      Repeats: required('flag'),
      Apps: required('json'),
      Tags: required('json'),
      Failures: required('whole'),
      PausedUntil: optional('time'),
      CreatedAt: required('time'),
      CreatedBy: optional('name200'),
      ModifiedAt: optional('time'),
      ModifiedBy: optional('name200'),
      Version: required('whole'),
    },
    ['WebhookID'],
  )
  schema.index('Webhook', { name: 'uq_webhook_name', columns: ['WebhookName'], unique: true })
}

/** What is still to be told, and how that goes. */
const callTable = (schema: SchemaWriter): void => {
  schema.table(
    'Webhook_Call',
    {
      CallID: required('key'),
      WebhookID: required('key'),
      Event: required('word'),
      TaskID: optional('key'),
      HistoryID: optional('key'),
      Body: required('json'),
      State: required('word'),
      CreatedAt: required('time'),
      NotBefore: required('time'),
      Attempts: required('whole'),
      FirstTriedAt: optional('time'),
      TakenUntil: optional('time'),
      StatusCode: optional('whole'),
      LastError: optional('longText'),
      EndedAt: optional('time'),
    },
    ['CallID'],
  )
  schema.index('Webhook_Call', { name: 'idx_call_age', columns: ['State', 'CreatedAt'] })
  schema.index('Webhook_Call', {
    ...{ name: 'idx_call_waiting', columns: ['WebhookID', 'State', 'NotBefore', 'CreatedAt', 'CallID'] },
  })
  schema.index('Webhook_Call', {
    ...{ name: 'idx_call_task', columns: ['WebhookID', 'TaskID', 'State', 'CreatedAt'] },
  })
  schema.index('Webhook_Call', { name: 'idx_call_webhook', columns: ['WebhookID', 'CreatedAt'] })
  schema.index('Webhook_Call', { name: 'idx_call_ended', columns: ['EndedAt'] })
}

/** Failures that wait to be seen, and webhooks. New tables only (ADR 19). */
export const failures: SchemaStep = {
  name: '0006-failures',
  minProgram: '0.1.0',
  up: (schema) => {
    failureTable(schema)
    webhookTable(schema)
    callTable(schema)
  },
}
