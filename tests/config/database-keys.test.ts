import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { configFolders } from './support.ts'

const { loadText, messageOf } = configFolders()

describe('the certificates of a database server', () => {
  const SERVER = `database:
  type: PostgreSQL
  connection: { server: db.example, database: cluster, tls: { ca: certs/ca.pem, cert: /etc/c.pem, key: k.pem } }
`
  it('are files beside the data, and nothing but a server needs them', async () => {
    const { config } = await loadText(SERVER)
    const { connection } = config.database
    const { root } = config.dataDir
    expect(connection.tls).toEqual({
      ca: join(root, 'certs/ca.pem'),
      cert: resolve('/etc/c.pem'),
      key: join(root, 'k.pem'),
    })
    expect(connection.ssl).toBeNull()
  })

  it('are no business of SQLite, which ignores what is for servers', async () => {
    const text = 'database:\n  connection: { ssl: false, tls: { ca: a.pem, cert: c.pem }, server: db }\n'
    expect((await loadText(text)).config.database.type).toBe('SQLite')
  })
})

describe('keys of a database server that do not fit together', () => {
  it.each([
    [
      'database:\n  type: PostgreSQL\n  connection:\n    database: cluster\n',
      'database.connection.server has no value; it may be the host name of the server: PostgreSQL needs it',
    ],
    [
      'database:\n  type: MySQL\n  connection: { server: db, database: c, integratedSecurity: true }\n',
      'database.connection.integratedSecurity has true; it may be false: MySQL has no integrated security',
    ],
    [
      'database:\n  type: MySQL\n  connection: { server: db, database: c, tls: { cert: c.pem } }\n',
      'database.connection.tls.key has no value; it may be the path of the key of tls.cert, which needs it',
    ],
    [
      'database:\n  type: MySQL\n  connection: { server: db, database: c, tls: { key: k.pem } }\n',
      'database.connection.tls.cert has no value; it may be the path of the certificate of tls.key',
    ],
    [
      'database:\n  type: MySQL\n  connection: { server: db, database: c, ssl: false, tls: { ca: a.pem } }\n',
      'database.connection.ssl has false; it may be true while tls.ca is given',
    ],
    [
      'database:\n  type: SqlServer\n  connection: { server: db, database: c, integratedSecurity: true, username: svc }\n',
      'database.connection.username has "svc"; it may be DOMAIN\\user, with its password: integratedSecurity signs in ' +
        'with an account of Windows',
    ],
    ...['Server=db;Password=geheim-42', 'postgres://svc:geheim-42@db/cluster'].map((server) => [
      `database:\n  type: PostgreSQL\n  connection: { server: '${server}', database: c }\n`,
      'database.connection.server has a connection string; it may be the host name alone; the other parts of a ' +
        'connection string go under port, database, username and password',
    ]),
    [
      'database:\n  connection:\n    tls: ca.pem\n',
      'database.connection.tls has "ca.pem"; it may be a group of keys: ca, cert, key',
    ],
  ])('%j is refused in one line', async (yaml, expected) => {
    expect(await messageOf(yaml)).toBe(expected)
  })
})
