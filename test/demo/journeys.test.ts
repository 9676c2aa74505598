import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, FrameLocator, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { until } from '../support/until.ts'
import { type DemoRun, runDemo } from './run-demo.ts'

// A person is patient too; every step waits for what it is about, none for time.
const patienceMs = 120_000

describe('a visitor of the demo', { timeout: patienceMs }, () => {
  let cwd: string
  let demo: DemoRun
  let address: string
  let browser: Browser
  let page: Page
  const problems: string[] = []

  beforeAll(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'danhoi-demo-'))
    await chmod(cwd, 0o755) // as root the database runs as another user, who has to pass
    demo = runDemo({ cwd })
    browser = await launchBrowser()
    address = String(await demo.ready)
  }, patienceMs)
  beforeEach(async () => {
    problems.length = 0
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
    page = await context.newPage()
    page.setDefaultTimeout(30_000)
    page.on('pageerror', (error) => problems.push(String(error)))
    page.on('console', (line) => line.type() === 'error' && problems.push(line.text()))
    await page.goto(address)
    // Both windows are drawn by the page's own scripts: from now on its buttons are heard as well.
    await residents().getByTestId('comment-box').waitFor()
    await phone().getByTestId('chat-box').waitFor()
    return async () => {
      await context.close()
      expect(problems).toEqual([])
    }
  })
  afterAll(async () => {
    await browser?.close()
    expect(await demo.stop()).toBe(0)
    await rm(cwd, { recursive: true })
  })

  it('comments on the fanpage and, answering as an officer, sees the answer under the comment', async () => {
    await typed(residents().getByTestId('comment-box'), 'Cho hỏi thủ tục tách hộ khẩu cần giấy tờ gì?')
    const comment = residents().getByTestId('comment').filter({ hasText: 'tách hộ khẩu' })
    await comment
      .getByTestId('reply')
      .filter({ hasText: /· 1(?!\d)/ })
      .waitFor()

    await quoteCard('tách hộ khẩu', 'Cần CCCD và tờ khai CT01, nộp tại Công an xã.')

    const answer = comment.getByTestId('reply').filter({ hasText: 'CT01' })
    await answer.filter({ hasText: 'Mặt trận Tổ quốc xã Cát Ngạn' }).waitFor()
    await told('tách hộ khẩu', ['confirmed', 'officer_told'])
    expect(await answer.count()).toBe(1)
    // The acknowledgement goes its own way: it may come before or after the routing.
    expect((await steps('tách hộ khẩu')).filter((kind) => kind !== 'acknowledged')).toEqual([
      'received',
      'stored',
      'classified',
      'routed',
      'card',
      'answered',
      'published',
      'confirmed',
      'officer_told',
    ])
    const story = await timeline('tách hộ khẩu').textContent()
    for (const words of ['Xếp loại: câu hỏi', 'khớp quy tắc “Câu hỏi về thủ tục”', 'Phan Thị Hoa trả lời'])
      expect(story).toContain(words)
  })

  it('writes to Messenger and is answered there', async () => {
    await page.getByTestId('tab-messenger').click()
    await typed(residents().getByTestId('messenger-box'), 'Cho hỏi mấy giờ xã tiếp dân?')

    await quoteCard('mấy giờ xã tiếp dân', 'Xã tiếp dân từ 7 giờ 30 các ngày làm việc.')

    await residents().locator('[data-testid=messenger-message][data-from=page]', { hasText: '7 giờ 30' }).waitFor()
    await told('mấy giờ xã tiếp dân', ['confirmed'])
    await page.getByTestId('tab-page').click()
    await residents().getByTestId('comment-box').waitFor()
    expect(await residents().locator('body').textContent()).not.toContain('7 giờ 30')
  })

  it('asks in the hamlet’s Zalo group and is answered there with a quote', async () => {
    await take('lan')
    await typed(phone().getByTestId('chat-box'), '@Mặt trận xã Cát Ngạn cho hỏi lịch tiêm phòng trâu bò?')
    await page.getByRole('tab', { name: 'Phan Thị Hoa, cán bộ xã, có thẻ mới' }).waitFor()
    await take('hoa')

    await quoteCard('lịch tiêm phòng', 'Thú y xã tiêm sáng thứ Bảy tại nhà văn hóa xóm.')

    await told('lịch tiêm phòng', ['confirmed'])
    await take('lan')
    const answer = phone().getByTestId('message').filter({ hasText: 'sáng thứ Bảy' })
    await answer.getByTestId('quote').filter({ hasText: 'lịch tiêm phòng' }).waitFor()
    expect(await answer.count()).toBe(1)
  })

  it('sees of an accusation no acknowledgement and no answer, and only the desk one level up has it', async () => {
    await page.getByTestId('try-accusation').click()
    const box = residents().getByTestId('comment-box')
    await until(async () => (await box.inputValue()).includes('tố cáo'), { what: 'the example is in the box' })
    await box.press('Enter')
    const comment = residents().getByTestId('comment').filter({ hasText: 'tố cáo' })
    await comment.waitFor()

    await page.getByRole('tab', { name: 'Trần Đình Quang, đầu mối tỉnh, có thẻ mới' }).waitFor()
    await take('quang')
    const card = phone().getByTestId('message').filter({ hasText: 'GIỮ KÍN' })
    await quote(card, 'Chúng tôi sẽ xác minh.')
    await phone().getByTestId('message').filter({ hasText: 'chưa trả lời ra ngoài được' }).waitFor()

    const kept = page.locator('[data-testid=timeline][data-readers=restricted]')
    await kept.locator('[data-kind=answer_refused]').waitFor()
    expect(await kept.textContent()).toContain('Chỉ Trần Đình Quang xem được')
    expect(await page.getByTestId('timelines').textContent()).not.toMatch(/trưởng thôn|trái quy định|xác minh/)
    expect(await comment.getByTestId('reply').count()).toBe(0)
    await take('hoa')
    await phone().getByTestId('message').first().waitFor()
    expect(await phone().locator('body').textContent()).not.toContain('trưởng thôn')
  })

  it('finds everything by keyboard, and on a small screen one part at a time', async () => {
    await page.setViewportSize({ width: 390, height: 844 })
    expect(await page.getByTestId('phone-frame').isVisible()).toBe(false)

    await page.getByRole('tab', { name: 'Bà con', exact: true }).focus()
    await page.keyboard.press('ArrowRight')
    await phone().getByTestId('chat-box').waitFor()
    expect(await page.getByTestId('public-frame').isVisible()).toBe(false)
    await page.keyboard.press('ArrowRight')

    await page.getByTestId('timeline').first().waitFor()
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390)
  })

  const residents = (): FrameLocator => page.frameLocator('[data-testid=public-frame]')
  const phone = (): FrameLocator => page.frameLocator('[data-testid=phone-frame]')
  const timeline = (words: string): Locator => page.getByTestId('timeline').filter({ hasText: words })

  /** Takes the phone of this person; until its page is there the frame still shows the one before. */
  async function take(person: string): Promise<void> {
    await page.getByTestId(`phone-of-${person}`).click()
    const isThere = (): boolean => page.frames().some((frame) => frame.url().includes(`/phone?person=${person}&`))
    await until(isThere, { what: `the phone of ${person} is in view` })
  }

  async function typed(box: Locator, text: string): Promise<void> {
    await box.click()
    await box.pressSequentially(text)
    await box.press('Enter')
  }

  /** As an officer does: the card in the chat, "Trả lời", the words, Enter. */
  async function quoteCard(about: string, answer: string): Promise<void> {
    await quote(phone().getByTestId('message').filter({ hasText: about }).first(), answer)
  }

  async function quote(message: Locator, answer: string): Promise<void> {
    await message.hover()
    await message.getByTestId('reply-action').click()
    await phone().getByTestId('replying').waitFor()
    await typed(phone().getByTestId('chat-box'), answer)
  }

  async function told(about: string, kinds: readonly string[]): Promise<void> {
    for (const kind of kinds) await timeline(about).locator(`[data-kind=${kind}]`).waitFor()
  }

  function steps(about: string): Promise<string[]> {
    return timeline(about)
      .getByTestId('step')
      .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-kind') ?? ''))
  }
})
