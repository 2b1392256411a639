import pg from 'pg'
import { createConnection } from 'mysql2/promise'
import type { Place } from './contestant.ts'

/** A fresh, empty database on the server. */
export const makeDatabase = async ({ server, database }: Place): Promise<void> => {
  const statements = [`drop database if exists ${database}`, `create database ${database}`]
  if (server.type === 'PostgreSQL') {
    const client = new pg.Client(pgConfig({ server, database: 'postgres' }))
    await client.connect()
    for (const statement of statements) await client.query(statement)
    return client.end()
  }
  const { database: _, ...address } = mysqlConfig({ server, database })
  const connection = await createConnection(address)
  for (const statement of statements) await connection.query(statement)
  return connection.end()
}

export const pgConfig = ({ server, database }: Place) => ({
  host: server.host,
  port: server.port,
  user: server.username,
  password: server.password,
  database,
})

export const mysqlConfig = pgConfig
