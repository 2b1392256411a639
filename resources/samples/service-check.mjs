// Fails when a service of this machine does not run, or a port does not answer.
import { execFile } from 'node:child_process'
import net from 'node:net'
import { promisify } from 'node:util'
import { atLeast, conclude, listOf, Problem, runTask } from './task.mjs'

const isWindows = process.platform === 'win32'

const defaults = {
  /** Names as systemd or Windows know them. */
  services: [isWindows ? 'Schedule' : 'cron'],
  /** `host:port` that must accept connections. */
  ports: [],
  timeoutSeconds: 10,
}

const run = promisify(execFile)

const windowsState = async (name) => {
  const { stdout } = await run('sc.exe', ['query', name])
  return /STATE\s*:\s*4\b/.test(stdout)
}

const systemdState = async (name) => {
  const { stdout } = await run('systemctl', ['show', '--property=ActiveState', '--value', '--', name])
  return stdout.trim() === 'active'
}

const serviceProblem = async (name) => {
  if (!/^[\w@.:-]+$/.test(name)) return `${name} is not a service name`
  try {
    return (await (isWindows ? windowsState(name) : systemdState(name)))
      ? null
      : `The service ${name} does not run`
  } catch (error) {
    if (error.code === 'ENOENT')
      return `The service ${name} cannot be looked at: there is no ${error.path} on this machine`
    return `The service ${name}: ${(error.stderr || error.stdout || error.message).trim().split('\n')[0]}`
  }
}

const portProblem = (target, timeoutSeconds) =>
  new Promise((resolve) => {
    const [, host, port] = /^(.+):(\d+)$/.exec(target) ?? []
    if (!host) return resolve(`${target} is not host:port`)
    const socket = net.connect({ host: host.replace(/^\[|\]$/g, ''), port: Number(port) })
    const end = (problem) => {
      socket.destroy()
      resolve(problem)
    }
    socket.setTimeout(timeoutSeconds * 1000, () => end(`${target}: no answer within ${timeoutSeconds} s`))
    socket.on('connect', () => end(null))
    socket.on('error', (error) => end(`${target}: ${error.message || error.code}`))
  })

await runTask(defaults, async (parameters) => {
  const timeoutSeconds = atLeast(parameters, 'timeoutSeconds', 1)
  const services = listOf(parameters.services)
  const ports = listOf(parameters.ports)
  if (services.length + ports.length === 0) throw new Problem('Set the parameter "services" or "ports"')
  const problems = await Promise.all([
    ...services.map(serviceProblem),
    ...ports.map((target) => portProblem(target, timeoutSeconds)),
  ])
  return conclude(
    `All fine: ${[...services, ...ports].join(', ')}`,
    problems.filter((problem) => problem !== null),
  )
})
