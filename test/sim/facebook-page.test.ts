import { createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { until } from '../support/until.ts'
import { graph, pageId, resident, startTown } from './facebook-stage.ts'

describe('the pages people see', () => {
  let browser: Browser
  const closing: (() => Promise<unknown>)[] = []
  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterEach(async () => {
    for (const close of closing.splice(0)) await close()
  })
  afterAll(async () => browser?.close())

  it('a resident comments behind a proxy prefix, sees the answer arrive and edits the question', async () => {
    const { sim, postId } = await startTown()
    const { page, problems } = await open(`${await proxied(sim.url)}/demo/facebook/_sim/page?pageId=${pageId}`)
    const commented = (text: string) => page.getByTestId('comment').filter({ hasText: text })

    await page.getByTestId('resident-name').fill('Hồ Thị Gấm')
    await page.getByTestId('resident-name').blur()
    await page.getByTestId('comment-box').fill('Hỏi <b>đậm</b>')
    await page.getByTestId('comment-send').click()
    await commented('Hỏi <b>đậm</b>').waitFor()
    await page.getByTestId('comment-box').fill('đang viết dở')
    const [written] = sim.wall(pageId).posts[0]?.comments ?? []
    await graph(sim, 'POST', `${written?.id}/comments`, { message: 'Dạ, chiều nay ạ' })
    await page.getByTestId('reply').filter({ hasText: 'Dạ, chiều nay ạ' }).filter({ hasText: 'Tác giả' }).waitFor()
    expect(await page.getByTestId('comment-box').inputValue()).toBe('đang viết dở')
    await page.getByTestId('comment-edit').first().click()
    await page.getByTestId('edit-box').fill('Hỏi lại')
    await page.getByTestId('edit-send').click()
    await commented('Hỏi lại').waitFor()

    expect(written).toMatchObject({ author: { name: 'Hồ Thị Gấm' }, text: 'Hỏi <b>đậm</b>' })
    expect(sim.wall(pageId).posts[0]).toMatchObject({ id: postId, comments: [{ text: 'Hỏi lại', edited: true }] })
    expect(problems).toEqual([])
  })

  it("one does not see buttons to change another's comment", async () => {
    const { sim, postId } = await startTown()
    sim.comment({ pageId, postId, author: resident, text: 'của người khác' })
    const { page } = await open(`${sim.url}/_sim/page`)

    await page.getByTestId('comment').waitFor()

    expect(await page.getByTestId('comment-edit').isVisible()).toBe(false)
  })

  it('a text sent in Messenger reaches the Page and its answer appears', async () => {
    const { sim } = await startTown()
    const { page, problems } = await open(`${sim.url}/_sim/messenger?pageId=${pageId}&psid=777&name=Lê Thị Giả`)

    await page.getByTestId('messenger-box').fill('Cho tôi hỏi')
    await page.getByTestId('messenger-box').press('Enter')
    await until(() => sim.chat(pageId, '777').messages.length, { what: 'the text' })
    await graph(sim, 'POST', `${pageId}/messages`, { recipient: { id: '777' }, message: { text: 'Dạ' } })
    await page.locator('[data-testid=messenger-message][data-from=page]').filter({ hasText: 'Dạ' }).waitFor()

    expect(sim.chat(pageId, '777').person).toEqual({ id: '777', name: 'Lê Thị Giả' })
    expect(problems).toEqual([])
  })

  async function open(url: string): Promise<{ page: Page; problems: string[] }> {
    const page = await browser.newPage()
    closing.unshift(() => page.close())
    const problems: string[] = []
    page.on('pageerror', (error) => problems.push(String(error)))
    page.on('console', (message) => void (message.type() === 'error' && problems.push(message.text())))
    await page.goto(url)
    return { page, problems }
  }

  /** The prefix under which the demo serves this Facebook. */
  async function proxied(target: string): Promise<string> {
    const server = createServer((request, response) => {
      if (!request.url?.startsWith('/demo/facebook/')) return void response.writeHead(404).end()
      const url = target + request.url.slice('/demo/facebook'.length)
      const onward = httpRequest(url, { method: request.method, headers: request.headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(response)
      })
      onward.on('error', () => response.destroy())
      request.pipe(onward)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    closing.push(() => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(resolve))
    })
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }
})
