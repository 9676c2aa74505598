import { beforeEach, describe, expect, it } from 'vitest'
import { saveLogin } from '../../src/accounts/store.ts'
import { createPublishers } from '../../src/assembly/publishers.ts'
import { AccountId, newId } from '../../src/lib/ids.ts'
import type { Publisher } from '../../src/outbox/publisher.ts'
import { addAccount, emptyTables, keyRing, now } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()
beforeEach(() => emptyTables(db))

const facebook = {
  appId: '330000000000001',
  appSecrets: ['app-secret-1'],
  verifyToken: 'verify-token',
  graphVersion: 'v24.0',
  graphUrl: 'http://127.0.0.1:9',
} as const
const zaloPublisher: Publisher = {
  capabilities: { readBack: false, quote: true, maxTextChars: 2_000 },
  send: async () => ({ messageId: null }),
  findOwn: async () => ({ found: 'unknowable' }),
}

function publishers(given: Partial<Parameters<typeof createPublishers>[0]> = {}) {
  return createPublishers({
    db,
    keyRing,
    clock: () => now,
    facebook,
    callTimeoutMs: 100,
    openPicture: async () => null,
    facebookWaits: { throttledMs: 300_000, blockedMs: 14_400_000 },
    zaloPublisher: () => null,
    botPublisher: async () => null,
    oaPublisher: async () => null,
    ...given,
  })
}

describe('the publisher of a Page', () => {
  it('is opened with its token, and kept while the token stays', async () => {
    const publisherOf = publishers()
    const id = await addAccount(db, { platform: 'facebook' })

    const publisher = await publisherOf(id)

    expect(publisher?.capabilities).toMatchObject({ readBack: true })
    expect(await publisherOf(id)).toBe(publisher)
  })

  it('is opened anew when a person gave it another token', async () => {
    const publisherOf = publishers()
    const id = await addAccount(db, { platform: 'facebook' })
    const before = await publisherOf(id)

    await saveLogin(db, keyRing, id, 'another-token')

    expect(await publisherOf(id)).not.toBe(before)
  })

  it('is none while Facebook is off', async () => {
    expect(await publishers({ facebook: null })(await addAccount(db, { platform: 'facebook' }))).toBeNull()
  })

  it('with a secret that cannot be opened is an error, not a silent nobody', async () => {
    const id = await addAccount(db, { platform: 'facebook' })

    await expect(publishers({ keyRing: [Buffer.alloc(32, 9)] })(id)).rejects.toMatchObject({ code: 'seal_broken' })
  })
})

describe('the publisher of a Zalo account', () => {
  it('is that of its open connection', async () => {
    const id = await addAccount(db, { platform: 'zalo' })
    const publisherOf = publishers({ zaloPublisher: (asked) => (asked === id ? zaloPublisher : null) })

    expect(await publisherOf(id)).toBe(zaloPublisher)
  })

  it('is none while it is not connected here', async () => {
    expect(await publishers()(await addAccount(db, { platform: 'zalo' }))).toBeNull()
  })
})

it('an account that does not exist has none to give', async () => {
  await expect(publishers()(newId(AccountId, now))).rejects.toThrow()
})
