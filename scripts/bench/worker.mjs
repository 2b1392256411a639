import { pathToFileURL } from 'node:url'

/* The process of one benchmark file: asks it for its rows and hands them to the parent. */

const { rows } = await import(pathToFileURL(process.argv[2]).href)
const measured = await rows()
process.send(measured, () => process.disconnect())
