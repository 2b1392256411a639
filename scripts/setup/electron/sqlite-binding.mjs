import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../child.mjs'
import { installCommand, installPackages, mayInstall } from '../debian.mjs'
import { findExecutable } from '../executables.mjs'
import { say, SetupError, since } from '../progress.mjs'

/*
 * better-sqlite3's binary for the stand-in runtime. The one in its package asks for Node functions that the older
 * Node in there has under another name, and ends the process at the first garbage collection. Built from the same
 * sources with the compiler alone: no node-gyp, no Python, no download of Node's headers.
 */

const STEP = 'electron'

/** Node's headers declare this function only from a later version on; the runtime has it. */
const SHIM = `#include <node_api.h>
#define NODE_API_EXPERIMENTAL_HAS_POST_FINALIZER
EXTERN_C_START
NAPI_EXTERN napi_status NAPI_CDECL node_api_post_finalizer(
  node_api_basic_env env, napi_finalize finalize, void* data, void* hint);
EXTERN_C_END
`

const API_DEFINES = [
  'NAPI_VERSION=2147483647',
  'NAPI_EXPERIMENTAL',
  'NODE_API_EXPERIMENTAL_NOGC_ENV_OPT_OUT',
  'NAPI_DISABLE_CPP_EXCEPTIONS',
  'NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS',
  'BUILDING_NODE_EXTENSION',
  'NODE_GYP_MODULE_NAME=better_sqlite3',
].map((name) => `-D${name}`)

/** Builds `better_sqlite3.node` into `target`. @throws SetupError without a compiler */
export async function buildSqliteBinding(root, target) {
  await ensureCompiler()
  const startedAt = performance.now()
  say(STEP, 'building the database binding, up to a minute')
  mkdirSync(target, { recursive: true })
  const sources = join(root, 'node_modules', 'better-sqlite3')
  const shim = join(target, 'shim.h')
  writeFileSync(shim, SHIM)
  const common = ['-c', '-O2', '-fPIC', '-DNDEBUG', '-w', `-I${join(sources, 'deps', 'sqlite3')}`]
  const headers = ['node-addon-api', 'node-api-headers/include'].map(
    (one) => `-I${join(root, 'node_modules', one)}`,
  )
  const library = join(target, 'sqlite3.o')
  const addon = join(target, 'addon.o')
  await Promise.all([
    compile('gcc', [
      ...common,
      '-std=c99',
      '-D_GNU_SOURCE',
      ...sqliteDefines(sources),
      join(sources, 'deps', 'sqlite3', 'sqlite3.c'),
      '-o',
      library,
    ]),
    compile('g++', [
      ...common,
      '-std=c++20',
      '-fvisibility=hidden',
      ...headers,
      ...API_DEFINES,
      '-include',
      shim,
      join(sources, 'src', 'better_sqlite3.cpp'),
      '-o',
      addon,
    ]),
  ])
  const link = ['-shared', '-s', '-Wl,-Bsymbolic', '-Wl,--exclude-libs,ALL', addon, library, '-ldl', '-lm']
  await compile('g++', [...link, '-o', join(target, 'better_sqlite3.node')])
  say(STEP, `database binding built in ${since(startedAt)}`)
}

/** The options SQLite is built with, as the package itself has them. */
const sqliteDefines = (sources) => {
  const text = readFileSync(join(sources, 'deps', 'defines.gypi'), 'utf8')
  return [...text.matchAll(/'([A-Z0-9_]+(?:=[^']*)?)'/g)].map(([, define]) => `-D${define}`)
}

async function ensureCompiler() {
  const there = () => findExecutable(['gcc']) !== undefined && findExecutable(['g++']) !== undefined
  if (there()) return
  if (mayInstall()) {
    say(STEP, 'installing a compiler from Debian, about a minute')
    await installPackages(['g++'])
  }
  if (!there())
    throw new SetupError(
      'The database binding of the stand-in runtime needs a compiler.',
      installCommand(['g++']),
    )
}

async function compile(command, args) {
  const code = await run(command, args, { quiet: true })
  if (code === 0) return
  throw new SetupError(
    `The database binding could not be built: ${command} ended with code ${code}.`,
    'npm start -- --headless',
  )
}
