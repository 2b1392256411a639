import { EventEmitter } from 'node:events'
import { UnicodeString } from '@mikro-orm/mssql'
import { Connection, Request, TYPES, type ConnectionConfiguration } from 'tedious'

/*
 * tedious as the other drivers behave: sessions that are set up, failures that say what the server said, values that
 * are what they are on the other dialects.
 */

type Told = Parameters<NonNullable<Parameters<Connection['connect']>[0]>>[0]

/** A connection whose session is set up before anyone has it. */
export class Session extends Connection {
  readonly #settings: string

  /** @param settings a batch; not `execSql`, which takes back at its end what was set in it. */
  constructor(config: ConnectionConfiguration, settings: string) {
    super(config)
    this.#settings = settings
  }

  /** A refused login carries the server's number and words, which tedious leaves out. */
  override connect(listener?: (error?: Told) => void): void {
    const refusals: { number: number; message: string }[] = []
    const note = (refusal: { number: number; message: string }): void => void refusals.push(refusal)
    this.on('errorMessage', note)
    super.connect((error) => {
      this.off('errorMessage', note)
      const [first] = refusals
      if (error)
        return listener?.(
          first ? Object.assign(error, { number: first.number, message: first.message }) : error,
        )
      this.execSqlBatch(new Statement(this.#settings, (failure) => listener?.(failure ?? undefined)))
    })
  }

  /** After an error the server has rolled back already (xact_abort): a second time would be an error of its own. */
  override rollbackTransaction(...[callback, name]: Parameters<Connection['rollbackTransaction']>): void {
    if (this.inTransaction && !this.closed) super.rollbackTransaction(callback, name)
    else process.nextTick(() => callback(null))
  }

  /** A connection that is lost fails its statement, and is `closed`: the event besides would only be printed. */
  override emit(event: string | symbol, ...args: unknown[]): boolean {
    return event === 'error' || EventEmitter.prototype.emit.call(this, event, ...args)
  }
}

/** Texts up to this length are sent as one type, so that their lengths make no plans of their own. */
const PLAIN_TEXT = 4000

type AddParameter = Parameters<Request['addParameter']>

/** A statement with its parameters, rows and failures as this program has them. */
export class Statement extends Request {
  constructor(...[text, callback, options]: ConstructorParameters<typeof Request>) {
    super(text, (error, ...answer) => callback(error && inOne(error), ...answer), options)
  }

  override addParameter(
    name: string,
    type: AddParameter[1],
    value?: unknown,
    options?: AddParameter[3],
  ): void {
    const plain = value instanceof UnicodeString ? value.value : value
    if (plain instanceof Uint8Array) {
      const bytes = Buffer.from(plain.buffer, plain.byteOffset, plain.byteLength)
      return super.addParameter(name, TYPES.VarBinary, bytes, options)
    }
    const isShort = typeof plain === 'string' && plain.length <= PLAIN_TEXT
    super.addParameter(name, type, plain, isShort ? { ...options, length: PLAIN_TEXT } : options)
  }

  override emit(event: string | symbol, ...args: unknown[]): boolean {
    if (event === 'row' && Array.isArray(args[0])) args[0].forEach(asNumber)
    return EventEmitter.prototype.emit.call(this, event, ...args)
  }
}

/** The server's errors of one statement, each the cause of the one before: the first says most. */
const inOne = (error: Error): Error => {
  if (!(error instanceof AggregateError)) return error
  const errors = error.errors.filter((one) => one instanceof Error)
  errors.forEach((one, index) => Object.assign(one, { cause: errors[index + 1] }))
  return errors[0] ?? error
}

interface Cell {
  value: unknown
  metadata: { type: { name: string }; dataLength?: number }
}

/** tedious gives whole numbers of 64 bits as text; the other drivers as numbers where they are exact. */
const asNumber = (cell: Cell): void => {
  const { type, dataLength } = cell.metadata
  const isBig = type.name === 'BigInt' || (type.name === 'IntN' && dataLength === 8)
  if (isBig && typeof cell.value === 'string' && Number.isSafeInteger(Number(cell.value)))
    cell.value = Number(cell.value)
}
