import { rm, symlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { create } from 'tar'

/** The program to unpack anywhere, with its command line in the first folder. @returns {Promise<string>} its path */
export async function makeArchive({ out, program }) {
  const command = join(program, 'pswebhost-node')
  await rm(command, { force: true })
  await symlink(join('resources', 'bin', 'pswebhost-node'), command)
  const file = join(out, `${basename(program)}.tar.gz`)
  await create({ file, cwd: dirname(program), gzip: { level: 6 }, portable: true }, [basename(program)])
  return file
}
