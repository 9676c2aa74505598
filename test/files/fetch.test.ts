import { createHash } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type Fetched, type FetchLimits, fetchFile } from '../../src/files/fetch.ts'
import { type FileFolder, openFolder } from '../../src/files/folder.ts'
import type { HostRule } from '../../src/files/host-rule.ts'
import { until } from '../support/until.ts'
import { startFileServer } from './file-server.ts'
import { mp4, pdf, png } from './pictures.ts'

const rule: HostRule = { domains: ['cdn.test'], loopback: true }
const limits: FetchLimits = { pictureBytes: 20_000, otherBytes: 40_000, timeoutMs: 5_000 }
const photo = png(40, 30)
const never = new AbortController().signal

interface Room {
  readonly path: string
  readonly folder: FileFolder
  fetch(url: string, more?: Partial<FetchLimits>, addresses?: readonly string[], given?: HostRule): Promise<Fetched>
  /** Names of everything in the folder and beside it. */
  files(): Promise<string[]>
}

async function openRoom(): Promise<Room> {
  const base = await mkdtemp(join(tmpdir(), 'danhoi-files-'))
  onTestFinished(() => rm(base, { recursive: true, force: true }))
  const path = join(base, 'files')
  const folder = openFolder(path)
  return {
    path,
    folder,
    fetch: (url, more = {}, addresses = ['127.0.0.1'], given = rule) =>
      fetchFile(url, given, { folder, limits: { ...limits, ...more }, resolve: async () => addresses }, never),
    files: async () => {
      const entries = await readdir(base, { recursive: true, withFileTypes: true })
      return entries.filter((entry) => entry.isFile()).map((entry) => entry.name)
    },
  }
}

const hashOf = (data: Buffer): string => createHash('sha256').update(data).digest('hex')

describe('a file that may be kept', () => {
  it('lies in the folder under the hash of its bytes', async () => {
    const server = await startFileServer({ '/a.jpg': photo })
    const room = await openRoom()

    const fetched = await room.fetch(`${server.url}/a.jpg`)

    const sha256 = hashOf(photo)
    expect(fetched).toEqual({ state: 'fetched', sha256, bytes: photo.length, mediaType: 'image/png' })
    expect(await room.folder.read(sha256)).toEqual(photo)
    expect(await room.files()).toEqual([sha256.slice(2)])
  })

  it('lies there once, however often it comes', async () => {
    const server = await startFileServer({ '/a.jpg': photo, '/b.jpg': photo })
    const room = await openRoom()

    await Promise.all([room.fetch(`${server.url}/a.jpg`), room.fetch(`${server.url}/b.jpg`)])

    expect(await room.files()).toEqual([hashOf(photo).slice(2)])
  })

  it('is what its bytes say, not what its server says', async () => {
    const server = await startFileServer({
      '/a.jpg': (_request, response) => response.writeHead(200, { 'content-type': 'image/jpeg' }).end(mp4),
    })
    const room = await openRoom()

    expect(await room.fetch(`${server.url}/a.jpg`)).toMatchObject({ state: 'fetched', mediaType: 'video/mp4' })
  })

  it('may come in pieces of any size', async () => {
    const server = await startFileServer({
      '/slow': (_request, response) => {
        for (const byte of pdf) response.write(Buffer.of(byte))
        response.end()
      },
    })
    const room = await openRoom()

    expect(await room.fetch(`${server.url}/slow`)).toMatchObject({ state: 'fetched', bytes: pdf.length })
  })
})

describe('the host', () => {
  it('is connected to at the very address that was checked, under its own name', async () => {
    const server = await startFileServer({ '/a.jpg': photo })
    const room = await openRoom()

    const fetched = await room.fetch(`http://scontent.cdn.test:${server.port}/a.jpg`)

    expect(fetched.state).toBe('fetched')
    expect(server.asked).toEqual([{ path: '/a.jpg', host: `scontent.cdn.test:${server.port}` }])
  })

  it.each([
    ['is not on the list', 'https://example.vn/a.jpg', ['157.240.22.35'], 'host'],
    ['is a number', 'http://127.0.0.1:4000/a.jpg', [], 'host'],
    ['is a decimal number', 'http://2130706433/a.jpg', [], 'host'],
    ['is an octal number', 'http://0177.0.0.1/a.jpg', [], 'host'],
    ['is an IPv6 number', 'http://[::1]/a.jpg', [], 'host'],
    ['is a mapped number', 'http://[::ffff:7f00:1]/a.jpg', [], 'host'],
    ['speaks without encryption', 'http://scontent.cdn.test/a.jpg', ['157.240.22.35'], 'scheme'],
    ['leads to this machine', 'https://scontent.cdn.test/a.jpg', ['127.0.0.1'], 'private_address'],
    ['leads to a private network', 'https://scontent.cdn.test/a.jpg', ['10.1.2.3'], 'private_address'],
    ['leads to a cloud’s secrets', 'https://scontent.cdn.test/a.jpg', ['169.254.169.254'], 'private_address'],
    ['leads to a mapped address', 'https://scontent.cdn.test/a.jpg', ['::ffff:10.0.0.1'], 'private_address'],
    [
      'leads to a private one among others',
      'https://scontent.cdn.test/a',
      ['157.240.22.35', '10.0.0.1'],
      'private_address',
    ],
    ['cannot be read', 'https://', [], 'address'],
    ['is nothing', '', [], 'address'],
  ])('that %s is not asked', async (_what, url, addresses, reason) => {
    const room = await openRoom()

    const fetched = await room.fetch(url, {}, addresses, { ...rule, loopback: false })

    expect(fetched).toEqual({ state: 'refused', reason, bytes: null })
  })

  it('that cannot be resolved is asked again later', async () => {
    const room = await openRoom()
    const failing = {
      folder: room.folder,
      limits,
      resolve: () => Promise.reject(Object.assign(new Error(), { code: 'EAI_AGAIN' })),
    }

    expect(await fetchFile('https://a.cdn.test/x', rule, failing, never)).toEqual({
      state: 'failed',
      reason: 'EAI_AGAIN',
    })
    expect(await room.fetch('https://a.cdn.test/x', {}, [])).toEqual({ state: 'failed', reason: 'ENOTFOUND' })
  })

  it('that refuses the connection is asked again later', async () => {
    const room = await openRoom()

    expect(await room.fetch('http://127.0.0.1:1/a.jpg')).toEqual({ state: 'failed', reason: 'ECONNREFUSED' })
  })
})

describe('a redirect', () => {
  it('within the platform is followed, checked like the first address', async () => {
    const server = await startFileServer({
      '/a': (_request, response) => response.writeHead(302, { location: '/b' }).end(),
      '/b': (_request, response) =>
        response.writeHead(301, { location: `http://other.cdn.test:${server.port}/c` }).end(),
      '/c': photo,
    })
    const room = await openRoom()

    expect(await room.fetch(`http://photo.cdn.test:${server.port}/a`)).toMatchObject({ state: 'fetched' })
    expect(server.asked.map(({ path }) => path)).toEqual(['/a', '/b', '/c'])
  })

  it.each([
    ['elsewhere', 'https://example.vn/a.jpg', 'host'],
    ['to a private number', 'http://10.0.0.1/a.jpg', 'host'],
    ['to a cloud’s secrets', 'http://169.254.169.254/latest/meta-data', 'host'],
    ['to a file', 'file:///etc/passwd', 'host'],
    ['to nowhere', 'http://[', 'address'],
    ['for ever', '/a', 'redirects'],
  ])('%s ends the matter', async (_where, location, reason) => {
    const server = await startFileServer({
      '/a': (_request, response) => response.writeHead(302, { location }).end(),
    })
    const room = await openRoom()

    const fetched = await room.fetch(`http://photo.cdn.test:${server.port}/a`)

    expect(fetched).toEqual({ state: 'refused', reason, bytes: null })
    expect(new Set(server.asked.map(({ path }) => path))).toEqual(new Set(['/a']))
  })

  it('to a name of the platform that leads to a private address ends it too', async () => {
    const server = await startFileServer({
      '/a': (_request, response) => response.writeHead(302, { location: 'https://inside.cdn.test/' }).end(),
    })
    const room = await openRoom()
    const resolve = async (host: string): Promise<string[]> =>
      host.startsWith('inside') ? ['10.0.0.1'] : ['127.0.0.1']

    const fetched = await fetchFile(`http://photo.cdn.test:${server.port}/a`, rule, { ...room, limits, resolve }, never)

    expect(fetched).toEqual({ state: 'refused', reason: 'private_address', bytes: null })
  })
})

describe('the size', () => {
  it('that a server declares is believed when it is too much', async () => {
    const server = await startFileServer({
      '/video': (_request, response) => response.writeHead(200, { 'content-length': 12_000_000 }).write(mp4),
    })
    const room = await openRoom()

    expect(await room.fetch(`${server.url}/video`)).toEqual({
      state: 'refused',
      reason: 'too_large',
      bytes: 12_000_000,
    })
    expect(await room.files()).toEqual([])
  })

  it('of a picture may be less than that of other files', async () => {
    const [picture, video] = [Buffer.concat([photo, Buffer.alloc(30_000)]), Buffer.concat([mp4, Buffer.alloc(30_000)])]
    const server = await startFileServer({ '/picture': picture, '/video': video })
    const room = await openRoom()

    expect(await room.fetch(`${server.url}/picture`)).toEqual({
      state: 'refused',
      reason: 'too_large',
      bytes: picture.length,
    })
    expect(await room.fetch(`${server.url}/video`)).toMatchObject({ state: 'fetched', bytes: video.length })
  })

  it('that nobody declares is counted, and the transfer ends at the limit', async () => {
    let sent = 0
    let isCut = false
    const server = await startFileServer({
      '/endless': (_request, response) => {
        response.writeHead(200)
        response.write(mp4)
        const more = (): void => {
          sent += 1
          if (!response.destroyed) response.write(Buffer.alloc(10_000), more)
        }
        response.on('close', () => {
          isCut = true
        })
        more()
      },
    })
    const room = await openRoom()

    const fetched = await room.fetch(`${server.url}/endless`)

    expect(fetched).toMatchObject({ state: 'refused', reason: 'too_large' })
    await until(() => isCut, { what: 'the transfer is cut' })
    expect(sent).toBeLessThan(1_000)
    expect(await room.files()).toEqual([])
  })
})

describe('what is not kept', () => {
  it.each([
    ['a page', Buffer.from('<!DOCTYPE html><html></html>'), 'type'],
    ['a program', Buffer.concat([Buffer.from('MZ'), Buffer.alloc(10_000)]), 'type'],
    ['nothing at all', Buffer.alloc(0), 'empty'],
  ])('%s leaves nothing behind', async (_what, body, reason) => {
    const server = await startFileServer({ '/a.jpg': body })
    const room = await openRoom()

    expect(await room.fetch(`${server.url}/a.jpg`)).toEqual({ state: 'refused', reason, bytes: null })
    expect(await room.files()).toEqual([])
  })

  it.each([403, 404, 410])('an address that answers %i has expired', async (status) => {
    const server = await startFileServer({ '/a.jpg': (_request, response) => response.writeHead(status).end() })
    const room = await openRoom()

    expect(await room.fetch(`${server.url}/a.jpg`)).toEqual({ state: 'gone', reason: `http_${status}` })
  })

  it.each([429, 500, 503, 206])('an address that answers %i is asked again later', async (status) => {
    const server = await startFileServer({ '/a.jpg': (_request, response) => response.writeHead(status).end(photo) })
    const room = await openRoom()

    expect(await room.fetch(`${server.url}/a.jpg`)).toEqual({ state: 'failed', reason: `http_${status}` })
    expect(await room.files()).toEqual([])
  })

  it('half a file is none', async () => {
    const server = await startFileServer({
      '/a.jpg': (_request, response) => {
        response.writeHead(200, { 'content-length': photo.length })
        response.write(photo.subarray(0, 20), () => response.destroy())
      },
    })
    const room = await openRoom()

    expect(await room.fetch(`${server.url}/a.jpg`)).toEqual({ state: 'failed', reason: 'ECONNRESET' })
    expect(await room.files()).toEqual([])
  })

  it('a file that does not come in time is asked for again later', async () => {
    const server = await startFileServer({ '/a.jpg': (_request, response) => response.writeHead(200).write(photo) })
    const room = await openRoom()

    expect(await room.fetch(`${server.url}/a.jpg`, { timeoutMs: 300 })).toEqual({ state: 'failed', reason: 'timeout' })
    expect(await room.files()).toEqual([])
  })

  it('a resolver that never answers holds up nobody for ever', async () => {
    const room = await openRoom()
    const silent = {
      folder: room.folder,
      limits: { ...limits, timeoutMs: 100 },
      resolve: () => new Promise<string[]>(() => {}),
    }

    expect(await fetchFile('https://a.cdn.test/x', rule, silent, never)).toEqual({ state: 'failed', reason: 'timeout' })
  })
})
