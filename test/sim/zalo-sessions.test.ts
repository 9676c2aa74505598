import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { type API, LoginQRCallbackEventType } from 'zca-js'
import { startZaloSim, type ZaloSim } from '../../sim/zalo/sim.ts'
import { until } from '../support/until.ts'
import { connect, listen, login, newZalo, ThreadType, type Town, town } from './zalo-client.ts'

const sims: ZaloSim[] = []
const open: API[] = []

afterEach(async () => {
  for (const api of open.splice(0)) api.listener.stop()
  for (const sim of sims.splice(0)) await sim.stop()
})

async function newTown(): Promise<Town> {
  const made = await town({ settings: { qrPollMs: 20 } })
  sims.push(made.sim)
  return made
}

async function connected(made: Town): ReturnType<typeof connect> {
  const client = await connect(made.sim, made.credentials)
  open.push(client.api)
  return client
}

describe('starting', () => {
  it('needs to be allowed and stays on loopback', async () => {
    await expect(startZaloSim({ allow: false })).rejects.toThrow('only starts with { allow: true }')
    await expect(startZaloSim(JSON.parse('{"allow":true,"host":"0.0.0.0"}'))).rejects.toThrow('loopback')
  })

  it('keeps people, sessions and conversations in a file', async () => {
    const stateFile = join(mkdtempSync(join(tmpdir(), 'zalo-sim-')), 'zalo.json')
    const first = await town({ stateFile })
    const { id } = first.sim.say({ group: first.group, person: first.lan, text: 'trước' })
    await first.sim.stop()

    const sim = await startZaloSim({ allow: true, stateFile })
    sims.push(sim)
    const api = await login(sim, first.credentials)

    expect(api.getOwnId()).toBe(first.bot)
    expect(sim.conversation({ group: first.group })).toMatchObject([{ msgId: id, text: 'trước' }])
    expect(Number(sim.say({ group: first.group, person: first.lan, text: 'sau' }).id)).toBeGreaterThan(Number(id))
  })
})

describe('a cookie login', () => {
  it('gives the account, its profile and its groups in its own ids', async () => {
    const made = await newTown()
    const { sim, bot, lan, group, credentials } = made
    const other = sim.addAccount({ name: 'Mặt trận tỉnh' }).uid
    sim.joinGroup({ group, account: other })

    const api = await login(sim, credentials)
    const gid = sim.groupIdFor(group, bot)
    const uid = sim.uidOf(lan, bot)

    expect(api.getOwnId()).toBe(bot)
    expect(await api.fetchAccountInfo()).toMatchObject({ profile: { userId: bot, displayName: 'Mặt trận xã' } })
    expect((await api.getAllGroups()).gridVerMap).toEqual({ [gid]: '1' })
    const { gridInfoMap } = await api.getGroupInfo(gid)
    expect(gridInfoMap[gid]).toMatchObject({ name: 'Khối 5', totalMember: 3 })
    expect(gridInfoMap[gid]?.memVerList).toContain(`${uid}_0`)
    expect((await api.getGroupMembersInfo(uid)).profiles).toMatchObject({ [uid]: { dName: 'Nguyễn Thị Lan' } })
    expect((await api.getUserInfo(uid)).changed_profiles).toMatchObject({ [uid]: { zaloName: 'Nguyễn Thị Lan' } })
    expect(sim.uidOf(lan, other)).not.toBe(uid)
    expect(sim.groupIdFor(group, other)).not.toBe(gid)
    await expect(api.getGroupInfo(sim.groupIdFor(group, other))).rejects.toMatchObject({ code: 114 })
    expect(sim.log.filter((entry) => entry.what === 'unmapped')).toEqual([])
  })

  it('finds a person by telephone, or nobody with 216', async () => {
    const { sim, bot, credentials } = await newTown()
    const hoa = sim.addPerson({ name: 'Trần Văn Hoà', phone: '84912345678' })
    const api = await login(sim, credentials)

    expect(await api.findUser('0912345678')).toMatchObject({ uid: sim.uidOf(hoa, bot), zalo_name: 'Trần Văn Hoà' })
    await expect(api.findUser('0999999999')).rejects.toMatchObject({ code: 216 })
  })

  it('keeps alive, and old group history is gone with 404', async () => {
    const { sim, bot, group, credentials } = await newTown()
    const api = await login(sim, credentials)

    expect(await api.keepAlive()).toBeDefined()
    const history = api.getGroupChatHistory(sim.groupIdFor(group, bot))
    await expect(history).rejects.toThrow('Request failed with status code 404')
  })

  it('answers polls and notes', async () => {
    const { sim, bot, group, credentials } = await newTown()
    const api = await login(sim, credentials)
    const gid = sim.groupIdFor(group, bot)

    expect(await api.createPoll({ question: 'Họp?', options: ['Có', 'Không'] }, gid)).toMatchObject({
      question: 'Họp?',
    })
    expect(await api.createNote({ title: 'Ghi nhớ', pinAct: true }, gid)).toMatchObject({
      params: { title: 'Ghi nhớ' },
    })
  })

  it('is refused to a stranger, to a dead session and to another device', async () => {
    const { sim, credentials } = await newTown()
    await login(sim, credentials)
    const [cookie] = credentials.cookie
    if (!cookie) throw new Error('credentials without a cookie')

    await expect(login(sim, { ...credentials, cookie: [{ ...cookie, value: 'x' }] })).rejects.toThrow(
      'zpw_sek bị thiếu',
    )
    await expect(login(sim, { ...credentials, imei: 'another' })).rejects.toThrow('zpw_sek bị thiếu')
    await expect(login(sim, { ...credentials, userAgent: 'another' })).rejects.toThrow('zpw_sek bị thiếu')
    sim.killSessions()
    await expect(login(sim, credentials)).rejects.toThrow('zpw_sek bị thiếu')
    const why = sim.log.flatMap((entry) => (entry.what === 'login' && entry.step === 'refused' ? [entry.why] : []))
    expect(why).toEqual([
      'unknown cookie',
      'another imei than at the first login',
      'another user agent',
      'session ended',
    ])
  })
})

describe('a session', () => {
  it('that was ended answers 600 everywhere and its socket is kicked', async () => {
    const made = await newTown()
    const { api, heard } = await connected(made)

    made.sim.killSessions({ account: made.bot })

    await until(() => heard.closed.length > 0)
    expect(heard.closed).toEqual([3003])
    await expect(api.fetchAccountInfo()).rejects.toMatchObject({ code: 600 })
    await expect(
      api.sendMessage('a', made.sim.groupIdFor(made.group, made.bot), ThreadType.Group),
    ).rejects.toMatchObject({
      code: 600,
    })
  })

  it('can be dead for calls while its socket still delivers', async () => {
    const made = await newTown()
    const { api, heard } = await connected(made)

    made.sim.killSessions({ socket: 'keep' })
    made.sim.say({ group: made.group, person: made.lan, text: 'vẫn nghe' })

    await until(() => heard.messages.length > 0)
    await expect(api.keepAlive()).rejects.toMatchObject({ code: 600 })
    made.sim.reviveSessions()
    expect(await api.keepAlive()).toBeDefined()
  })

  it('loses its socket with 3000 to a newer one', async () => {
    const made = await newTown()
    const { heard } = await connected(made)

    const newer = await connected(made)

    await until(() => heard.closed.length > 0)
    expect(heard.closed).toEqual([3000])
    made.sim.say({ group: made.group, person: made.lan, text: 'ai nghe?' })
    await until(() => newer.heard.messages.length > 0)
    expect(heard.messages).toEqual([])
  })

  it('whose cookie is unknown at the socket is closed with 3003', async () => {
    const made = await newTown()
    const api = await login(made.sim, made.credentials)
    made.sim.killSessions()

    const heard = listen(api)

    await until(() => heard.closed.length > 0)
    expect(heard.closed).toEqual([3003])
  })

  it('sends pings that are counted', async () => {
    const made = await newTown()
    made.sim.settings.pingIntervalMs = 20
    await connected(made)

    await until(() => (made.sim.connections()[0]?.pings ?? 0) > 1, { what: 'two pings' })
  })
})

describe('a QR login', () => {
  it('is accepted on the phone, ends the older session and starts with an empty history', async () => {
    const { sim, bot, credentials, lan } = await newTown()
    const events: number[] = []
    sim.say({ account: bot, person: lan, text: 'trước khi đăng nhập lại' })

    const logging = newZalo(sim).loginQR({ userAgent: 'Firefox' }, ({ type }) => void events.push(type))
    const [attempt] = await until(() => sim.qr.pending().length > 0 && sim.qr.pending())
    sim.qr.scan(attempt?.code ?? '', bot)
    await until(() => events.includes(LoginQRCallbackEventType.QRCodeScanned))
    sim.qr.accept(attempt?.code ?? '')
    const api = await logging

    expect(api.getOwnId()).toBe(bot)
    expect(events).toEqual([0, 2, 4])
    await expect(login(sim, credentials)).rejects.toThrow('zpw_sek bị thiếu')
    open.push(api)
    const heard = listen(api)
    await until(() => heard.keys > 0)
    api.listener.requestOldMessages(ThreadType.User, null)
    await until(() => heard.old.length > 0)
    expect(heard.old).toEqual([{ messages: [], type: ThreadType.User }])
    const again = await login(sim, { ...credentials, ...savedFrom(api) })
    expect(again.getOwnId()).toBe(bot)
  })

  it('can be declined', async () => {
    const { sim, bot } = await newTown()
    const declined = new Promise<void>((resolve, reject) => {
      const logging = newZalo(sim).loginQR({}, (event) => {
        if (event.type === LoginQRCallbackEventType.QRCodeDeclined) event.actions.abort()
      })
      logging.then(
        () => reject(new Error('logged in')),
        () => resolve(),
      )
    })
    const [attempt] = await until(() => sim.qr.pending().length > 0 && sim.qr.pending())

    sim.qr.scan(attempt?.code ?? '', bot)
    sim.qr.decline(attempt?.code ?? '')

    await declined
    expect(sim.qr.pending()).toEqual([])
  })

  it('fails when the code expired', async () => {
    const { sim } = await newTown()
    const logging = newZalo(sim).loginQR({}, () => {})
    const failed = expect(logging).rejects.toThrow('Cannot get scan result')
    const [attempt] = await until(() => sim.qr.pending().length > 0 && sim.qr.pending())

    sim.qr.expire(attempt?.code ?? '')

    await failed
  })
})

function savedFrom(api: API): { imei: string; userAgent: string; cookie: Town['credentials']['cookie'] } {
  const { imei, userAgent } = api.getContext()
  const cookies = api.getCookie().toJSON()?.cookies ?? []
  return {
    imei,
    userAgent,
    cookie: cookies.map(({ key, value, domain, path }) => ({
      name: String(key),
      value: String(value),
      domain: String(domain),
      path: String(path),
      secure: true,
      httpOnly: true,
    })),
  }
}
