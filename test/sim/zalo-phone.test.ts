import { createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { until } from '../support/until.ts'
import { newZalo, type Town, town } from './zalo-client.ts'

describe('the phone', () => {
  let browser: Browser
  let here: Town
  const problems: string[] = []
  const closing: (() => Promise<unknown>)[] = []

  beforeAll(async () => {
    browser = await launchBrowser()
  })
  beforeEach(async () => {
    problems.length = 0
    here = await town()
  })
  afterEach(async () => {
    for (const close of closing.splice(0)) await close()
    await here.sim.stop()
  })
  afterAll(async () => browser?.close())

  async function open(address: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext(options)
    closing.push(() => context.close())
    const page = await context.newPage()
    page.on('pageerror', (error) => problems.push(String(error)))
    page.on('console', (line) => line.type() === 'error' && problems.push(line.text()))
    await page.goto(address)
    return page
  }

  it('shows a person’s chats, opens one, and sends what is typed, behind a proxy prefix', async () => {
    const { sim, group, lan } = here
    const address = await proxied(sim.url)
    closing.push(address.close)
    const page = await open(`${address.url}/demo/zalo/_sim/phone?person=${lan}`)

    await page.getByTestId('chat-item').filter({ hasText: 'Khối 5' }).click()
    await page.getByTestId('chat-box').fill('Đường ngập <b>quá</b>')
    await page.getByTestId('chat-send').click()

    await page.getByTestId('message').filter({ hasText: 'Đường ngập <b>quá</b>' }).waitFor()
    expect(sim.conversation({ group })).toMatchObject([{ by: { person: lan }, text: 'Đường ngập <b>quá</b>' }])
    expect(problems).toEqual([])
  })

  it('quotes by hovering, with Enter, and answers arrive while it is open', async () => {
    const { sim, bot, lan } = here
    const card = sim.say({ account: bot, person: lan, as: 'account', text: 'Bà con hỏi: bao giờ sửa cầu?' })
    const page = await open(`${sim.url}/_sim/phone?person=${lan}&thread=d:${bot}:${lan}`)
    const asked = page.locator(`[data-msg-id="${card.id}"]`)

    await asked.hover()
    await asked.getByTestId('reply-action').click()
    await page.getByTestId('chat-box').fill('Tuần sau khởi công')
    await page.getByTestId('chat-box').press('Enter')

    const answer = page.getByTestId('message').filter({ hasText: 'Tuần sau khởi công' })
    await answer.getByTestId('quote').filter({ hasText: 'bao giờ sửa cầu' }).waitFor()
    expect(sim.conversation({ account: bot, person: lan })[1]?.quote?.msgId).toBe(card.id)
    await page.getByTestId('replying').waitFor({ state: 'hidden' })
    sim.say({ account: bot, person: lan, as: 'account', text: 'Đã nhận, cảm ơn đồng chí' })
    await page.getByTestId('message').filter({ hasText: 'Đã nhận' }).waitFor()
    expect(problems).toEqual([])
  })

  it('on a touch screen a tap offers to quote, to react and to take back', async () => {
    const { sim, group, lan } = here
    const { id } = sim.say({ group, person: lan, text: 'Cho tôi hỏi' })
    const small = { viewport: { width: 375, height: 700 }, hasTouch: true, isMobile: true }
    const page = await open(`${sim.url}/_sim/phone?person=${lan}&thread=g:${group}`, small)
    const row = page.locator(`[data-msg-id="${id}"]`)

    await row.getByText('Cho tôi hỏi').tap()
    await row.getByTestId('react-action').tap()
    await row.getByTestId('reactions').waitFor()
    await row.getByText('Cho tôi hỏi').tap()
    await row.getByTestId('undo-action').tap()

    await row.getByText('Tin nhắn đã được thu hồi').waitFor()
    expect(sim.conversation({ group })).toMatchObject([{ undone: true, reactions: [{ icon: '/-strong' }] }])
  })

  it('calls an account by name after an @', async () => {
    const { sim, group, lan, bot } = here
    const page = await open(`${sim.url}/_sim/phone?person=${lan}&thread=g:${group}`)

    await page.getByTestId('chat-box').fill('@mặt')
    await page.getByText('@Mặt trận xã', { exact: true }).click()
    await page.getByTestId('chat-box').pressSequentially('giúp tôi')
    await page.getByTestId('chat-send').click()

    await page.getByTestId('message').waitFor()
    const [seen] = sim.conversation({ group })
    expect(seen).toMatchObject({
      text: '@Mặt trận xã giúp tôi',
      mentions: [{ who: { account: bot }, pos: 0, len: 12 }],
    })
  })

  it('keeps what was typed when it could not be sent', async () => {
    const { sim, group, lan } = here
    const page = await open(`${sim.url}/_sim/phone?person=${lan}&thread=g:${group}`)
    await page.getByTestId('chat-box').waitFor()
    sim.leaveGroup({ group, person: lan })

    await page.getByTestId('chat-box').fill('còn đây không')
    await page.getByTestId('chat-send').click()

    await page.getByRole('alert').filter({ hasText: 'Chưa gửi được' }).waitFor()
    expect(await page.getByTestId('chat-box').inputValue()).toBe('còn đây không')
  })

  it('a QR login is accepted on its own page', async () => {
    const { sim, bot } = here
    sim.settings.qrPollMs = 20
    const logging = newZalo(sim).loginQR({}, () => {})
    await until(() => sim.qr.pending().length > 0)
    const page = await open(`${sim.url}/_sim/qr`)

    await page.getByTestId('qr-accept').filter({ hasText: 'Mặt trận xã' }).click()

    expect((await logging).getOwnId()).toBe(bot)
    await page.getByText('Chưa có mã QR nào đang chờ.').waitFor()
  })
})

/** A reverse proxy that serves the simulator under /demo/zalo only. */
async function proxied(target: string): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer((request, response) => {
    const path = (request.url ?? '').replace(/^\/demo\/zalo/, '')
    if (path === request.url) {
      response.writeHead(404).end()
      return
    }
    const { method = 'GET', headers } = request
    const onward = httpRequest(new URL(path, target), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    onward.on('error', () => response.destroy())
    response.on('close', () => onward.destroy())
    request.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { url: `http://127.0.0.1:${port}`, close }
}
