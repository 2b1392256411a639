import { Migration } from '@mikro-orm/migrations'
import type { AbstractSqlDriver } from '@mikro-orm/sql'
import type { Configuration } from '@mikro-orm/core'
import type { Query } from '../db.ts'
import type { Tables } from '../entities/index.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { initial } from './0001-initial.ts'
import { scheduleLastRun } from './0002-schedule-last-run.ts'
import { severalDatabases } from './0003-several-databases.ts'
import { manyNodes } from './0004-many-nodes.ts'
import { tableSync } from './0005-table-sync.ts'
import { failures } from './0006-failures.ts'
import { statementsOf, type SchemaStep } from './schema-step.ts'

/** Every step of the schema, in order. Its count is the schema version of this program. */
export const steps: readonly SchemaStep[] = [
  ...[initial, scheduleLastRun, severalDatabases, manyNodes, tableSync],
  failures,
]

interface ListedMigration {
  name: string
  class: new (driver: AbstractSqlDriver, config: Configuration) => Migration
}

/** The steps as MikroORM's migrator runs them: a bundle has no folder to look into. */
export const migrationsFor = (dialect: Dialect, list: readonly SchemaStep[]): ListedMigration[] =>
  list.map((step) => ({
    name: step.name,
    class: class extends Migration {
      override async up(): Promise<void> {
        const compiler: Query = this.driver.createEntityManager().getKysely<Tables>()
        const there = dialect.existingNames === null ? [] : await this.execute(dialect.existingNames)
        const names = new Set(there.map(({ name }) => String(name).toLowerCase()))
        for (const { name, sql } of statementsOf(step, dialect, compiler))
          if (!names.has(name.toLowerCase())) this.addSql(sql)
      }
    },
  }))
