import { afterEach, describe, expect, it } from 'vitest'
import type { API } from 'zca-js'
import { until } from '../support/until.ts'
import { connect, type Heard, listen, login, ThreadType, type Town, texts, town } from './zalo-client.ts'

let here: Town
const open: API[] = []

afterEach(async () => {
  for (const api of open.splice(0)) api.listener.stop()
  await here.sim.stop()
})

async function connected(): Promise<Town & { api: API; heard: Heard; gid: string; say(text: string): string }> {
  // Kind 1 is the one the library opens without waiting, so that frames keep their order.
  here = await town({ settings: { holdMs: 60_000, kind: 1 } })
  const { api, heard } = await connect(here.sim, here.credentials)
  open.push(api)
  const { sim, group, bot, lan } = here
  const say = (text: string): string => sim.say({ group, person: lan, text }).id
  return { ...here, api, heard, gid: sim.groupIdFor(group, bot), say }
}

function posted(): string[] {
  return here.sim.log.flatMap((entry) => (entry.what === 'posted' ? [entry.text] : []))
}

describe('a call', () => {
  it.each([600, 102, 114, 122, 123, 221, 216, -69])('is answered with code %i and posts nothing', async (code) => {
    const { sim, api, gid } = await connected()
    sim.failCalls({ call: 'send', do: 'code', code })

    await expect(api.sendMessage('a', gid, ThreadType.Group)).rejects.toMatchObject({ code })
    expect(posted()).toEqual([])
    await api.sendMessage('b', gid, ThreadType.Group)
    expect(posted()).toEqual(['b'])
  })

  it('is reset before anything was posted', async () => {
    const { sim, api, gid } = await connected()
    sim.failCalls({ call: '/api/group/sendmsg', do: 'reset' })

    await expect(api.sendMessage('a', gid, ThreadType.Group)).rejects.toThrow('fetch failed')
    expect(posted()).toEqual([])
  })

  it.each([
    ['posted-reset', 'fetch failed'],
    ['posted-500', 'Request failed with status code 500'],
  ] as const)('is posted and echoed though the sender only sees %s', async (fault, error) => {
    const { sim, api, heard, gid } = await connected()
    sim.failCalls({ call: 'send', textIncludes: 'quan trọng', do: fault })

    await expect(api.sendMessage('quan trọng', gid, ThreadType.Group)).rejects.toThrow(error)

    expect(posted()).toEqual(['quan trọng'])
    await until(() => texts(heard.messages).includes('own: quan trọng'))
  })

  it('is posted and never answered', async () => {
    const { sim, api, heard, gid } = await connected()
    sim.failCalls({ call: 'send', do: 'posted-hang' })
    let settled = false

    const sending = api.sendMessage('treo', gid, ThreadType.Group).finally(() => {
      settled = true
    })

    await until(() => texts(heard.messages).includes('own: treo'))
    expect(settled).toBe(false)
    await sim.stop()
    await expect(sending).rejects.toThrow('fetch failed')
  })

  it('hangs without being posted', async () => {
    const { sim, api, gid } = await connected()
    sim.failCalls({ call: 'send', do: 'hang' })

    const sending = api.sendMessage('treo', gid, ThreadType.Group)
    const failed = expect(sending).rejects.toThrow('fetch failed')

    await until(() => sim.log.some((entry) => entry.what === 'call' && entry.answer === 'hang'))
    expect(posted()).toEqual([])
    await sim.stop()
    await failed
  })

  it('is delayed, once, and then answered', async () => {
    const { sim, api, gid } = await connected()
    sim.failCalls({ do: 'delay', delayMs: 30 })

    await api.sendMessage('chậm', gid, ThreadType.Group)

    expect(posted()).toEqual(['chậm'])
    expect(sim.log.filter((entry) => entry.what === 'fault')).toMatchObject([{ fault: 'call delay' }])
  })

  it('strikes until cleared, only the account meant', async () => {
    const { sim, api, bot } = await connected()
    sim.failCalls({ account: '1', do: 'code', code: 600, times: null })
    await api.keepAlive()
    sim.failCalls({ account: bot, do: 'http', status: 502, times: null })

    await expect(api.fetchAccountInfo()).rejects.toThrow('502')
    await expect(api.fetchAccountInfo()).rejects.toThrow('502')
    sim.clearFaults()
    await api.fetchAccountInfo()
  })
})

describe('a delivery', () => {
  it('comes twice', async () => {
    const { sim, heard, say } = await connected()
    sim.failDeliveries({ do: 'duplicate' })

    say('một')
    say('hai')

    await until(() => heard.messages.length === 3)
    expect(texts(heard.messages)).toEqual(['một', 'một', 'hai'])
  })

  it('waits and shares a frame with the next', async () => {
    const { sim, heard, say } = await connected()
    sim.failDeliveries({ do: 'pair' })

    say('một')
    say('hai')

    await until(() => heard.messages.length === 2)
    expect(texts(heard.messages)).toEqual(['một', 'hai'])
  })

  it('is overtaken by the next', async () => {
    const { sim, heard, say } = await connected()
    sim.failDeliveries({ do: 'reorder' })

    say('một')
    say('hai')

    await until(() => heard.messages.length === 2)
    expect(texts(heard.messages)).toEqual(['hai', 'một'])
  })

  it('that is held arrives though nothing follows', async () => {
    const { sim, heard, say } = await connected()
    sim.settings.holdMs = 10
    sim.failDeliveries({ do: 'reorder' })

    say('một')

    await until(() => heard.messages.length === 1)
  })

  it.each(['lose', 'cmd551', 'malformed', 'broken-element'] as const)(
    '%s leaves it in the history only',
    async (fault) => {
      const { sim, api, heard, say } = await connected()
      sim.failDeliveries({ do: fault })

      say('mất')
      say('sau')

      await until(() => heard.messages.length === 1)
      expect(texts(heard.messages)).toEqual(['sau'])
      expect(heard.errors).toHaveLength(fault === 'malformed' || fault === 'broken-element' ? 1 : 0)
      api.listener.requestOldMessages(ThreadType.Group, null)
      const [old] = await until(() => heard.old.length > 0 && heard.old)
      expect(texts(old?.messages ?? [])).toEqual(['mất', 'sau'])
    },
  )

  it('can vanish for good: a planted loss the log still shows', async () => {
    const { sim, api, heard, say } = await connected()
    sim.failDeliveries({ do: 'vanish' })

    say('mất hẳn')
    say('sau')

    await until(() => heard.messages.length === 1)
    api.listener.requestOldMessages(ThreadType.Group, null)
    const [old] = await until(() => heard.old.length > 0 && heard.old)
    expect(texts(old?.messages ?? [])).toEqual(['sau'])
    expect(sim.log.filter((entry) => entry.what === 'said')).toMatchObject([{ sentTo: [] }, { text: 'sau' }])
  })

  it('of echoes can be suppressed, once or for good', async () => {
    const { sim, api, heard, gid, say } = await connected()
    sim.failDeliveries({ do: 'lose', of: 'echo' })
    await api.sendMessage('một', gid, ThreadType.Group)
    sim.settings.echo = false
    await api.sendMessage('hai', gid, ThreadType.Group)

    say('ba')

    await until(() => heard.messages.length > 0)
    expect(texts(heard.messages)).toEqual(['ba'])
    expect(posted()).toEqual(['một', 'hai'])
  })

  it('strikes by chance in the same places for the same seed', async () => {
    const { sim, heard, say } = await connected()
    sim.failDeliveries({ do: 'lose', times: null, chance: 0.5 })

    for (let at = 1; at <= 20; at += 1) say(String(at))
    sim.clearFaults()
    say('hết')

    await until(() => texts(heard.messages).includes('hết'))
    expect(heard.messages.length).toBeGreaterThan(3)
    expect(heard.messages.length).toBeLessThan(19)
  })
})

describe('a connection', () => {
  it('that is dropped stays open for the client and delivers nothing', async () => {
    const { sim, bot, heard, say } = await connected()

    sim.drop(bot)
    say('không ai nghe')

    expect(sim.connections()).toMatchObject([{ uid: bot, halfOpen: true }])
    expect(heard.closed).toEqual([])
    expect(sim.log.filter((entry) => entry.what === 'said')).toMatchObject([{ sentTo: [] }])
    const newer = await connect(sim, here.credentials)
    open.push(newer.api)
    say('nghe lại')
    await until(() => newer.heard.messages.length === 1)
    expect(heard.messages).toEqual([])
  })

  it.each([
    ['terminate', 1006],
    ['kick', 3003],
    ['evict', 3000],
  ] as const)('%s ends it with %i', async (how, code) => {
    const { sim, bot, heard } = await connected()

    expect(sim[how](bot)).toBe(true)

    await until(() => heard.closed.length > 0)
    expect(heard.closed).toEqual([code])
    expect(sim[how](bot)).toBe(false)
  })

  it('that is garbled is given up by the client', async () => {
    const { sim, bot, heard } = await connected()

    expect(sim.garble(bot)).toBe(true)

    await until(() => heard.closed.length > 0 && sim.connections().length === 0)
    expect(heard.closed).toEqual([1006])
    expect(heard.errors).toHaveLength(1)
  })

  it('whose key is late gets first what is said before it, which cannot be read', async () => {
    here = await town({ settings: { keyDelayMs: 100 } })
    const { sim, credentials, group, lan } = here
    const api = await login(sim, credentials)
    open.push(api)
    const heard = listen(api)
    await until(() => sim.connections().length === 1)

    sim.say({ group, person: lan, text: 'tới trước khóa' })

    await until(() => heard.keys === 1 && heard.errors.length > 0)
    expect(heard.messages).toEqual([])
  })
})

describe('the history', () => {
  it('holds what came while the account was away, own messages, undos and other threads of the kind included', async () => {
    const { sim, api, heard, gid, bot, group, lan, say } = await connected()
    const { id: second } = sim.addGroup({ name: 'Khối 6', members: [lan], accounts: [bot] })
    const first = say('một')
    await until(() => heard.messages.length === 1)
    sim.terminate(bot)
    await until(() => heard.closed.length === 1)
    await api.sendMessage('trả lời', gid, ThreadType.Group)
    sim.say({ group: second, person: lan, text: 'khối khác' })
    sim.undo({ msgId: say('hai') })
    sim.say({ account: bot, person: lan, text: 'riêng' })
    sim.say({ group, account: bot, as: 'account', text: 'gõ tay từ điện thoại của xã' })

    api.listener.start({ retryOnClose: false })
    await until(() => heard.keys === 2)
    api.listener.requestOldMessages(ThreadType.Group, first)
    api.listener.requestOldMessages(ThreadType.User, null)

    await until(() => heard.old.length === 2)
    const groupBatch = heard.old.find(({ type }) => type === ThreadType.Group)
    expect(texts(groupBatch?.messages ?? [])).toEqual([
      'own: trả lời',
      'khối khác',
      'hai',
      '(deleteMsg)',
      'own: gõ tay từ điện thoại của xã',
    ])
    expect(texts(heard.old.find(({ type }) => type === ThreadType.User)?.messages ?? [])).toEqual(['riêng'])
  })

  it('ignores where it should start, when told to', async () => {
    const { sim, api, heard, say } = await connected()
    sim.settings.ignoreLastId = true
    say('một')
    const last = say('hai')

    api.listener.requestOldMessages(ThreadType.Group, last)

    const [old] = await until(() => heard.old.length > 0 && heard.old)
    expect(texts(old?.messages ?? [])).toEqual(['một', 'hai'])
  })

  it('has old reactions too', async () => {
    const { sim, api, lan, say } = await connected()
    const icons: string[] = []
    api.listener.on('old_reactions', (reactions) => icons.push(...reactions.map(({ data }) => data.content.rIcon)))
    sim.react({ person: lan, msgId: say('một'), icon: '/-heart' })

    api.listener.requestOldReactions(ThreadType.Group, null)

    await until(() => icons.length > 0)
    expect(icons).toEqual(['/-heart'])
  })
})
