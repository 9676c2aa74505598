import type { ServerResponse } from 'node:http'
import type { Journal } from './journal.ts'

/** Server-sent events: one short line after every change people can see; the page then reads the wall again. */
export function streamChanges(journal: Journal, response: ServerResponse, pageId: string | null): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // A proxy that buffers would hold back the live update.
    'x-accel-buffering': 'no',
  })
  response.write(`retry: 1000\ndata: ${JSON.stringify({ seq: journal.entries.length })}\n\n`)
  const unfollow = journal.follow((entry) => {
    if (entry.kind === 'call' || entry.kind === 'delivery') return
    if (pageId && entry.pageId !== pageId) return
    response.write(`data: ${JSON.stringify({ seq: entry.seq, what: entry.what, id: entry.id })}\n\n`)
  })
  const beat = setInterval(() => response.write(': still here\n\n'), 15_000)
  beat.unref()
  response.on('close', () => {
    unfollow()
    clearInterval(beat)
  })
}
