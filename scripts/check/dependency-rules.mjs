import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isBuiltin } from 'node:module'
import ts from 'typescript'
import { sourceFiles } from './source-files.mjs'
import { NOT_IMPORTED } from './not-imported.mjs'

/** Two copies of one of these mean two pools, two SQLite libraries or two sets of types. */
const ONE_COPY = ['better-sqlite3', 'kysely', 'tedious', 'pg', 'mysql2']
const GROUPS = ['dependencies', 'devDependencies', 'optionalDependencies', 'overrides']

/**
 * What is wrong with the packages: used but not declared, declared but not used, not an exact version,
 * a second copy of a driver, MikroORM packages of different versions.
 * @param {string} root the project's folder
 * @returns {string[]} one line per fault; empty when all is well
 */
export function dependencyFaults(root) {
  const manifest = readJson(join(root, 'package.json'))
  const lock = readJson(join(root, 'package-lock.json'))
  const used = usedPackages(root)
  return [
    ...undeclared(manifest, used),
    ...unused(manifest, used),
    ...looseVersions(manifest),
    ...secondCopies(lock),
    ...mixedMikroOrm(lock),
  ]
}

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'))

/** Declared names; an override declares nothing, it only pins. */
const declared = (manifest) =>
  GROUPS.filter((group) => group !== 'overrides').flatMap((group) => Object.keys(manifest[group] ?? {}))

/** Package name to the first file that imports it. */
function usedPackages(root) {
  const used = new Map()
  for (const file of sourceFiles(root)) {
    for (const name of packagesIn(file, readFileSync(join(root, file), 'utf8'))) {
      if (!used.has(name)) used.set(name, file)
    }
  }
  return used
}

/** The packages that a source imports, statically, dynamically, as types only or from a style sheet. */
function packagesIn(file, text) {
  const specifiers = file.endsWith('.css')
    ? [...text.matchAll(/@import\s+(?:url\()?['"]([^'"\n]+)['"]/g)].map((match) => match[1])
    : ts.preProcessFile(text, true, true).importedFiles.map((imported) => imported.fileName)
  return specifiers.map(packageOf).filter((name) => name !== undefined)
}

/** `@scope/name/deep` to `@scope/name`; undefined for own files and Node's modules. */
function packageOf(specifier) {
  if (/^(?:[./#]|node:|virtual:|app:|https?:|data:|file:)/.test(specifier) || isBuiltin(specifier))
    return undefined
  return /^(?:@[a-z\d][\w.-]*\/)?[a-z\d][\w.-]*/.exec(specifier)?.[0]
}

function undeclared(manifest, used) {
  const names = new Set(declared(manifest))
  return [...used]
    .filter(([name]) => !names.has(name))
    .map(([name, file]) => `${file} uses ${name}, which package.json does not declare`)
}

function unused(manifest, used) {
  const names = declared(manifest)
  const isUsed = (name) => used.has(name) || used.has(name.replace('@types/', ''))
  const faults = names
    .filter((name) => !isUsed(name) && !(name in NOT_IMPORTED))
    .map((name) => `package.json declares ${name}, which nothing uses`)
  const stale = Object.keys(NOT_IMPORTED)
    .filter((name) => !names.includes(name) || isUsed(name))
    .map((name) => `scripts/check/not-imported.mjs lists ${name} without need`)
  return [...faults, ...stale]
}

/** `1.2.3`, or the same of a package under another name: `npm:alpha@1.2.3`. */
const EXACT = /^(?:npm:(?:@[\w.-]+\/)?[\w.-]+@)?\d+\.\d+\.\d+(?:-[\w.]+)?$/

function looseVersions(manifest) {
  return GROUPS.flatMap((group) => Object.entries(manifest[group] ?? {}))
    .filter(([, version]) => !EXACT.test(version))
    .map(([name, version]) => `package.json asks for ${name} ${version}: only exact versions`)
}

function secondCopies(lock) {
  return ONE_COPY.flatMap((name) => {
    const places = Object.keys(lock.packages).filter((place) => place.endsWith(`node_modules/${name}`))
    return places.length > 1
      ? [`package-lock.json has ${places.length} copies of ${name}: ${places.join(', ')}`]
      : []
  })
}

function mixedMikroOrm(lock) {
  const versions = Object.entries(lock.packages)
    .filter(([place]) => /(?:^|\/)node_modules\/@mikro-orm\/[^/]+$/.test(place))
    .map(([, entry]) => entry.version)
  const different = [...new Set(versions)]
  return different.length > 1 ? [`package-lock.json mixes MikroORM versions: ${different.join(', ')}`] : []
}
