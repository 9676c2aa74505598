import { startThrowaway } from '../../../src/db/throwaway.ts'

/** Holds a throwaway server until it is killed. */
const { connection } = await startThrowaway()
console.log(JSON.stringify({ folder: connection.host }))
