import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createMachineRoot, LINUX } from './machine-root.ts'

const isPosix = process.platform !== 'win32'
const UNIT = 'pswebhost-node.service'
const WANTS = `etc/systemd/system/multi-user.target.wants/${UNIT}`
const DROP_IN = `etc/systemd/system/${UNIT}.d/override.conf`
const OWN_UNIT = `etc/systemd/system/${UNIT}`
const DATA_FILE = 'var/lib/pswebhost-node/app.yaml'
const RAN = 'run/pswebhost-node.ran'

describe.skipIf(!isPosix)('scripts of the Debian package (skipped on Windows: no sh)', () => {
  it.each(['postinst', 'prerm', 'postrm'])('%s is a script', (name) => {
    expect(spawnSync('sh', ['-n', join(LINUX, name)], { encoding: 'utf8' })).toMatchObject({
      status: 0,
      stderr: '',
    })
  })

  it('make the user and its folder, and start nothing', () => {
    const machine = createMachineRoot({ systemd: true })
    machine.run('postinst', 'configure', '')
    expect(machine.calls()).toEqual([
      'install -d -o pswebhost-node -g pswebhost-node -m 0700 /var/lib/pswebhost-node',
      'systemctl daemon-reload',
    ])
  })

  describe('give a data folder that is root’s to the user', () => {
    const CHOWN = 'chown -R -h pswebhost-node:pswebhost-node /var/lib/pswebhost-node'
    const callsOf = (configured: string, files: Record<string, string> = {}): string[] => {
      const machine = createMachineRoot({ systemd: true })
      machine.write(DATA_FILE)
      for (const [file, text] of Object.entries(files)) machine.write(file, text)
      machine.answer('stat', 'root\n')
      machine.run('postinst', 'configure', configured)
      return machine.calls()
    }

    it.each([
      ['after a purge', {}],
      [
        'beside settings of the unit that leave the user as it is',
        { [DROP_IN]: '[Service]\nMemoryMax=2G\n' },
      ],
      ['beside a unit of the same user', { [OWN_UNIT]: '[Service]\nUser=pswebhost-node\n' }],
    ])('at the first installation %s', (_what, files) => expect(callsOf('', files)).toContain(CHOWN))

    // As docs/install.md has it: `systemctl edit` with User=root.
    it.each([
      ['an upgrade', '0.1.0', {}],
      ['the other package, beside User=root', '', { [DROP_IN]: '[Service]\nUser=root\n' }],
      ['the other package, beside a unit without a user', '', { [OWN_UNIT]: '[Service]\nType=exec\n' }],
    ])('never at %s: the service may run as root', (_what, configured, files) =>
      expect(callsOf(configured, files)).not.toContain(CHOWN),
    )
  })

  describe('when another version takes over', () => {
    it.each([
      ['an upgrade', ['upgrade', '0.2.0'], ['configure', '0.1.0']],
      ['the other package', ['remove', 'in-favour', 'pswebhost-cluster-dev', '0.2.0'], ['configure', '']],
      ['an upgrade that is given up', ['upgrade', '0.2.0'], ['abort-upgrade', '0.2.0']],
    ])('stop a service that runs before %s, and start it after', (_what, before, after) => {
      const machine = createMachineRoot({ systemd: true })
      machine.answer('systemctl', 'active\n')
      machine.run('prerm', ...before)
      expect(machine.calls()).toEqual([`systemctl is-active ${UNIT}`, `systemctl stop ${UNIT}`])
      expect(machine.has(RAN)).toBe(true)
      machine.run('postinst', ...after)
      expect(machine.calls().at(-1)).toBe(`systemctl start ${UNIT}`)
      expect(machine.has(RAN)).toBe(false)
    })

    it('leave off what was off', () => {
      const machine = createMachineRoot({ systemd: true })
      machine.answer('systemctl', 'inactive\n')
      machine.run('prerm', 'upgrade', '0.2.0')
      machine.calls()
      machine.run('postinst', 'configure', '0.1.0')
      expect(machine.calls().filter((call) => call.includes('start'))).toEqual([])
    })
  })

  describe('on removal', () => {
    it('disable the service, and leave user, data and changes of the unit', () => {
      const machine = createMachineRoot({ systemd: true })
      for (const file of [DATA_FILE, DROP_IN]) machine.write(file)
      machine.run('prerm', 'remove')
      machine.run('postrm', 'remove')
      expect(machine.calls()).toEqual([`systemctl disable --now ${UNIT}`, 'systemctl daemon-reload'])
      expect([DATA_FILE, DROP_IN].map(machine.has)).toEqual([true, true])
    })

    it('take the links of an enabled service along where no service manager runs', () => {
      const machine = createMachineRoot()
      machine.write(WANTS)
      machine.run('prerm', 'remove')
      machine.run('postrm', 'remove')
      expect(machine.has(WANTS)).toBe(false)
      expect(machine.calls()).toEqual([])
    })
  })

  describe('on purge', () => {
    it('leave nothing but the data folder, to root', () => {
      const machine = createMachineRoot({ systemd: true })
      const own = [WANTS, DROP_IN, `etc/systemd/system.control/${UNIT}.d/50-CPUQuota.conf`, RAN]
      const others = [DATA_FILE, 'etc/systemd/system/multi-user.target.wants/ssh.service']
      for (const file of [...own, ...others]) machine.write(file)
      machine.run('postrm', 'purge')
      expect(own.filter(machine.has)).toEqual([])
      expect(others.filter(machine.has)).toEqual(others)
      expect(machine.calls()).toEqual([
        `deb-systemd-helper purge ${UNIT}`,
        'chown -R -h root:root /var/lib/pswebhost-node',
        'userdel pswebhost-node',
        'systemctl daemon-reload',
      ])
    })

    it('keep a user that something still runs as, say so, and go on', () => {
      const machine = createMachineRoot({ systemd: true })
      machine.fail('userdel')
      expect(machine.run('postrm', 'purge')).toContain('pswebhost-node stays in passwd')
      const calls = machine.calls()
      expect(calls).not.toContain('groupdel pswebhost-node')
      expect(calls.at(-1)).toBe('systemctl daemon-reload')
    })

    it.each([
      ['pswebhost-cluster', 'installed'],
      ['pswebhost-cluster-dev', 'installed'],
      // In the middle of being put in its place.
      ['pswebhost-cluster', 'unpacked'],
    ])('of %s touch nothing while the other package is %s', (name, status) => {
      const machine = createMachineRoot({ systemd: true, name })
      machine.answer('dpkg-query', status)
      const shared = [DATA_FILE, WANTS, DROP_IN]
      for (const file of shared) machine.write(file)
      machine.run('postrm', 'remove')
      machine.run('postrm', 'purge')
      expect(machine.calls()).toEqual([])
      expect(shared.filter(machine.has)).toEqual(shared)
    })

    it('do their work when of the other package only settings are left', () => {
      const machine = createMachineRoot()
      machine.answer('dpkg-query', 'config-files')
      machine.run('postrm', 'purge')
      expect(machine.calls()).toContain('userdel pswebhost-node')
    })
  })
})
