import { chmod, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Everybody may read and nobody but the owner write, whatever the umask of whoever packages is. */
export async function plainModes(folder) {
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isSymbolicLink()) continue
    const path = join(entry.parentPath, entry.name)
    const isExecutable = entry.isDirectory() || ((await stat(path)).mode & 0o100) !== 0
    await chmod(path, isExecutable ? 0o755 : 0o644)
  }
  await chmod(folder, 0o755)
}
