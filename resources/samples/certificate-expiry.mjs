// Fails when a certificate runs out soon: of a server (host:port) or in a PEM file.
import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import tls from 'node:tls'
import { atLeast, conclude, listOf, Problem, runTask } from './task.mjs'

const defaults = {
  /** `host:port` (the port is 443 when left out) or the path of a PEM file. */
  targets: ['localhost:443'],
  minDays: 21,
  timeoutSeconds: 10,
}

const DAY = 86_400_000
const HOST = /^(\[[0-9a-f:]+\]|[A-Za-z0-9.-]+?)(?::(\d{1,5}))?$/i

const ofServer = (host, port, timeoutSeconds) =>
  new Promise((resolve, reject) => {
    const plain = host.replace(/^\[|\]$/g, '')
    // Not verified on purpose: an expired or private certificate is just what has to be looked at.
    const options = {
      host: plain,
      port,
      rejectUnauthorized: false,
      servername: /[a-z]/i.test(plain) && !plain.includes(':') ? plain : '',
    }
    const socket = tls.connect(options, () => {
      const raw = socket.getPeerCertificate().raw
      socket.destroy()
      if (raw) resolve([new X509Certificate(raw)])
      else reject(new Problem(`${host}:${port} shows no certificate`))
    })
    socket.setTimeout(timeoutSeconds * 1000, () =>
      socket.destroy(new Error(`no answer within ${timeoutSeconds} s`)),
    )
    socket.on('error', (error) => reject(new Problem(`${host}:${port}: ${error.message || error.code}`)))
  })

const ofFile = async (file) => {
  const blocks = (await readFile(file, 'utf8')).match(
    /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g,
  )
  if (!blocks) throw new Problem(`${file} holds no certificate`)
  return blocks.map((block) => new X509Certificate(block))
}

const certificatesOf = (target, timeoutSeconds) => {
  const [, host, port] = HOST.exec(target) ?? []
  const isFile = !host || /\.(pem|crt|cer)$/i.test(target)
  return isFile ? ofFile(target) : ofServer(host, Number(port ?? 443), timeoutSeconds)
}

const look = async (target, minDays, timeoutSeconds) => {
  const found = await certificatesOf(target, timeoutSeconds)
  return found.map((certificate) => {
    const end = Date.parse(certificate.validTo)
    const days = Math.floor((end - Date.now()) / DAY)
    const subject = certificate.subject?.split('\n').at(-1) ?? 'certificate'
    const text = `${target}: ${subject} is valid until ${new Date(end).toISOString().slice(0, 10)} (${days} days)`
    return { text, soon: days < minDays }
  })
}

await runTask(defaults, async (parameters) => {
  const minDays = atLeast(parameters, 'minDays', 0)
  const timeoutSeconds = atLeast(parameters, 'timeoutSeconds', 1)
  const fine = []
  const problems = []
  for (const target of listOf(parameters.targets)) {
    try {
      for (const { text, soon } of await look(target, minDays, timeoutSeconds))
        (soon ? problems : fine).push(text)
    } catch (error) {
      problems.push(error instanceof Problem ? error.message : `${target}: ${error.message}`)
    }
  }
  return conclude(fine.join('; '), problems)
})
