import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { SimulatorError } from '../kit/simulator-error.ts'
import type { Core } from './core.ts'
import type { Update } from './payloads.ts'
import type { Comment, Message, Page, Photo, Post, Thread, User } from './world.ts'

const saveAfterMs = 250

// The file is our own writing: its outline is checked, the nouns inside are trusted.
const noun = <T>() => z.custom<T>((value) => typeof value === 'object' && value !== null)
const table = <T>() => z.array(z.tuple([z.string(), noun<T>()]))
const Kept = z.object({
  version: z.literal(1),
  pages: table<Page>(),
  users: table<User>(),
  posts: table<Post>(),
  walls: z.array(z.tuple([z.string(), z.array(z.string())])),
  comments: table<Comment>(),
  photos: table<Photo>().default([]),
  threads: table<Thread>(),
  messages: table<Message>(),
  identities: z.array(z.tuple([z.string(), z.string()])),
  undelivered: z.array(noun<Update>()),
})

/** Brings back what an earlier run left in the file, and keeps the file current from now on. Returns the last save. */
export function keepWorld(core: Core, file: string): () => void {
  restore(core, file)
  let planned: NodeJS.Timeout | null = null
  const save = (): void => {
    if (planned) clearTimeout(planned)
    planned = null
    // Written aside and renamed, so that a kill in between leaves the old file whole.
    writeFileSync(`${file}.new`, JSON.stringify(snapshot(core)))
    renameSync(`${file}.new`, file)
  }
  const unfollow = core.journal.follow((entry) => {
    if (entry.kind !== 'call') planned ??= setTimeout(save, saveAfterMs).unref()
  })
  return () => {
    unfollow()
    save()
  }
}

function snapshot(core: Core): z.input<typeof Kept> {
  const { pages, users, posts, walls, comments, photos, threads, messages, identities } = core.world
  return {
    version: 1,
    pages: [...pages],
    users: [...users],
    posts: [...posts],
    walls: [...walls],
    comments: [...comments],
    photos: [...photos],
    threads: [...threads],
    messages: [...messages],
    identities: [...identities],
    undelivered: core.webhooks.undelivered(),
  }
}

function restore(core: Core, file: string): void {
  const text = readIfThere(file)
  if (text === null) return
  const kept = Kept.safeParse(parse(text))
  if (!kept.success) throw new SimulatorError('bad_keep', `${file} is not a kept Facebook; remove it to start empty`)
  const { world } = core
  fill(world.pages, kept.data.pages)
  fill(world.users, kept.data.users)
  fill(world.posts, kept.data.posts)
  fill(world.walls, kept.data.walls)
  fill(world.comments, kept.data.comments)
  fill(world.photos, kept.data.photos)
  fill(world.threads, kept.data.threads)
  fill(world.messages, kept.data.messages)
  fill(world.identities, kept.data.identities)
  core.webhooks.restore(kept.data.undelivered)
}

function fill<T>(map: Map<string, T>, entries: readonly [string, T][]): void {
  for (const [key, value] of entries) map.set(key, value)
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
