import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { nodeLicense } from './node-runtime.mjs'

/* The licences of everybody whose code a package carries: most of them ask that their text goes along. */

/** Each part of the build lists what it bundled (electron.vite.config.ts). */
const BUNDLED = ['main', 'preload', 'renderer'].map((part) => join('out', part, 'licenses.json'))
const UNBUNDLED = ['better-sqlite3']

/** Writes `third-party.md` (all npm packages) and Node's own licence into `folder`; Electron brings its own. */
export async function writeNotices(root, folder) {
  await mkdir(folder, { recursive: true })
  const license = nodeLicense(root)
  if (license) await copyFile(license, join(folder, 'node.txt'))
  await writeFile(join(folder, 'third-party.md'), noticesText(await thirdParties(root)))
}

/** @returns {Promise<{ name: string, version: string, identifier?: string, text?: string }[]>} by name, each once */
async function thirdParties(root) {
  const bundled = await Promise.all(BUNDLED.map((file) => readList(join(root, file))))
  const unbundled = await Promise.all(UNBUNDLED.map((name) => readPackage(root, name)))
  const byName = new Map([...bundled.flat(), ...unbundled].map((one) => [`${one.name}@${one.version}`, one]))
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** A part that bundles nothing of others has no list. */
async function readList(file) {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    if (error.code === 'ENOENT') return []
    throw error
  }
}

async function readPackage(root, name) {
  const file = createRequire(join(root, 'package.json')).resolve(`${name}/package.json`)
  const { version, license } = JSON.parse(await readFile(file, 'utf8'))
  return { name, version, identifier: license, text: await readFile(join(dirname(file), 'LICENSE'), 'utf8') }
}

/** The notices as one text. */
export function noticesText(parties) {
  const sections = parties.map(({ name, version, identifier, text }) => {
    const title = `## ${name} ${version}${identifier ? ` (${identifier})` : ''}`
    return text ? `${title}\n\n${text.trim()}\n` : `${title}\n`
  })
  return [`# What others wrote\n\nThis program contains ${parties.length} npm packages.\n`, ...sections].join('\n')
}
