/* What a person chose or dropped, reduced to what an import reads: an installation's folder holds far more. */

export interface SourceFile {
  path: string
  content: string
}

/** Task files, catalog jobs, settings and exports; scripts and modules stay where they are. */
const MAY_HOLD_TASKS = /(^|\/)(config\/(tasks\.ya?ml|tasks\.json|settings\.json)|jobs\/[^/]+\/job\.json)$/i
const DOCUMENT = /\.(json|ya?ml)$/i
const MOST_FILES = 2000

const pathOf = (file: File): string => file.webkitRelativePath || file.name

/** Of a folder only the known places; files that were chosen one by one are all meant. */
const isMeant = (file: File): boolean =>
  file.webkitRelativePath ? MAY_HOLD_TASKS.test(file.webkitRelativePath) : DOCUMENT.test(file.name)

/** @throws Error in plain words when there is nothing to import */
export const readChosen = async (chosen: readonly File[]): Promise<SourceFile[]> => {
  const meant = chosen.filter(isMeant).slice(0, MOST_FILES)
  if (meant.length === 0)
    throw new Error(
      'Nothing here holds tasks. Choose the folder of a PSWebHost installation, a tasks.yaml, or an export of this program.',
    )
  return Promise.all(meant.map(async (file) => ({ path: pathOf(file), content: await file.text() })))
}

type Entry = FileSystemEntry

const filesOf = (entry: Entry, path: string): Promise<File[]> => {
  if (entry.isFile)
    return new Promise((resolve, reject) =>
      (entry as FileSystemFileEntry).file((file) => {
        // A dropped file does not know where in its folder it lay.
        if (path) Object.defineProperty(file, 'webkitRelativePath', { value: `${path}${file.name}` })
        resolve([file])
      }, reject),
    )
  return filesBelow(entry as FileSystemDirectoryEntry, path)
}

const filesBelow = async (folder: FileSystemDirectoryEntry, path: string): Promise<File[]> => {
  const reader = folder.createReader()
  const files: File[] = []
  // A reader hands out its entries in parts until it has none left.
  for (;;) {
    const part = await new Promise<Entry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (part.length === 0) return files
    for (const entry of part) files.push(...(await filesOf(entry, `${path}${folder.name}/`)))
  }
}

/** Every file of what was dropped, folders included. */
export const filesOfDrop = async (data: DataTransfer): Promise<File[]> => {
  const entries = [...data.items].flatMap((item) => item.webkitGetAsEntry() ?? [])
  return (await Promise.all(entries.map((entry) => filesOf(entry, '')))).flat()
}
