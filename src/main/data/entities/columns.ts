import { p, Type } from '@mikro-orm/core'

/*
 * Column types that mean the same on every dialect: keys and times are fixed-width text (text order is
 * time order), booleans are 0/1, JSON is text. Nothing is left to a driver's own idea of a date or a bit.
 */

/** A boolean kept as 0 or 1. */
export class FlagType extends Type<boolean, number> {
  override convertToDatabaseValue(value: boolean): number {
    return value ? 1 : 0
  }
  override convertToJSValue(value: number): boolean {
    return Number(value) === 1
  }
  override getColumnType(): string {
    return 'integer'
  }
  override compareAsType(): string {
    return 'number'
  }
}

/**
 * A JSON document kept as text; null stays NULL. Reading must be repeatable: MikroORM's Kysely plugin (7.2.1)
 * converts a value twice where property and column have different names. So the document is never a bare string.
 */
export class JsonTextType extends Type<unknown, string | null> {
  override convertToDatabaseValue(value: unknown): string | null {
    return value === null || value === undefined ? null : JSON.stringify(value)
  }
  override convertToJSValue(value: string | null): unknown {
    return typeof value === 'string' ? JSON.parse(value) : value
  }
  override getColumnType(): string {
    return 'text'
  }
  override compareAsType(): string {
    return 'string'
  }
}

/** As the specification keeps it: a cron expression as it is, anything else as a JSON object. */
export class ScheduleTextType extends Type<unknown, string | null> {
  override convertToDatabaseValue(value: unknown): string | null {
    if (value === null || value === undefined) return null
    return typeof value === 'string' ? value : JSON.stringify(value)
  }
  override convertToJSValue(value: string | null): unknown {
    return typeof value === 'string' && value.startsWith('{') ? JSON.parse(value) : value
  }
  override getColumnType(): string {
    return 'text'
  }
  override compareAsType(): string {
    return 'string'
  }
}

export const key = (column: string) => p.string().length(36).fieldName(column)
export const time = (column: string) => p.string().length(24).fieldName(column)
export const name = (column: string, length: number) => p.string().length(length).fieldName(column)
export const word = <T extends string>(column: string) => p.string().$type<T>().length(20).fieldName(column)
export const longText = (column: string) => p.text().fieldName(column)
export const whole = (column: string) => p.integer().fieldName(column)
export const flag = (column: string) => p.type(FlagType).$type<boolean>().fieldName(column)
export const json = <T>(column: string) => p.type(JsonTextType).$type<T>().fieldName(column)
export const bytes = (column: string) => p.blob().fieldName(column)
export const schedule = <T>(column: string) => p.type(ScheduleTextType).$type<T>().fieldName(column)
