import { chmod, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FrameLocator, Locator, Page } from 'playwright-core'
import { runDemo } from '../test/demo/run-demo.ts'
import { launchBrowser } from '../test/support/browser.ts'
import { until } from '../test/support/until.ts'

/** The picture of the README: three matters are played in the demo, as a visitor would, and the last one is shown. */
const picture = fileURLToPath(new URL('../docs/demo.png', import.meta.url))
const MAX_KB = 400

const folder = await mkdtemp(join(tmpdir(), 'danhoi-picture-'))
await chmod(folder, 0o755) // as root the database runs as another user, who has to pass
const demo = runDemo({ cwd: folder })
const browser = await launchBrowser()
try {
  const address = await demo.ready
  if (address === null) throw new Error(demo.errors.join('\n'))
  const page = await browser.newPage({
    viewport: { width: 1440, height: 900 },
    locale: 'vi-VN',
    timezoneId: 'Asia/Ho_Chi_Minh',
  })
  await page.goto(address)
  await play(page)
  await page.screenshot({ path: picture, animations: 'disabled' })
  const kb = Math.ceil((await stat(picture)).size / 1024)
  if (kb > MAX_KB) throw new Error(`expected at most ${MAX_KB} KB, ${picture} has ${kb}`)
  console.log(`${picture}: ${kb} KB`)
} finally {
  await browser.close()
  await demo.stop()
  await rm(folder, { recursive: true })
}

async function play(page: Page): Promise<void> {
  const residents = page.frameLocator('[data-testid=public-frame]')
  const phone = page.frameLocator('[data-testid=phone-frame]')

  await page.getByTestId('tab-messenger').click()
  await page.getByTestId('try-accusation').click()
  await send(residents.getByTestId('messenger-box'))
  await page.locator('[data-kind=only_seen_by]').waitFor()

  await page.getByTestId('try-group').click()
  await send(phone.getByTestId('chat-box'))
  await page.getByTestId('phone-of-hoa').click()
  await quote(
    phone,
    phone.getByTestId('message').filter({ hasText: 'tiêm phòng' }),
    'Thú y tiêm sáng thứ Bảy tại nhà văn hóa xóm.',
  )
  await page.locator('[data-kind=confirmed]').waitFor()

  await page.getByTestId('tab-page').click()
  await page.getByTestId('try-question').click()
  await send(residents.getByTestId('comment-box'))
  await residents.getByTestId('reply').waitFor()
  const card = phone.getByTestId('message').filter({ hasText: 'tách hộ khẩu' })
  await quote(phone, card, 'Bà con mang CCCD và tờ khai CT01 tới Công an xã, giờ hành chính. Không mất lệ phí.')
  await residents.getByTestId('reply').filter({ hasText: 'CT01' }).waitFor()
  await page.getByTestId('timeline').first().locator('[data-kind=officer_told]').waitFor()
  await phone.getByTestId('message').filter({ hasText: 'đã hiện công khai' }).last().waitFor()
  await page.mouse.move(720, 60)
}

/** Sends what an example has put into the box. */
async function send(box: Locator): Promise<void> {
  await until(() => box.inputValue(), { what: 'the example is in the box' })
  await box.press('Enter')
}

async function quote(phone: FrameLocator, message: Locator, answer: string): Promise<void> {
  await message.hover()
  await message.getByTestId('reply-action').click()
  await phone.getByTestId('chat-box').fill(answer)
  await phone.getByTestId('chat-box').press('Enter')
}
