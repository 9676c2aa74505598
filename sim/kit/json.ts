import type { ServerResponse } from 'node:http'
import { SimulatorError } from './simulator-error.ts'

export function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(value))
}

/** The body of an order to a simulator; none is an empty one. */
export function parseOrder(body: string): unknown {
  if (body === '') return {}
  try {
    return JSON.parse(body)
  } catch {
    throw new SimulatorError('bad_json', 'expected a JSON body')
  }
}

/** exactOptionalPropertyTypes: an absent key and one that is undefined differ. */
export function withoutGaps<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}
