import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { until } from '../support/until.ts'
import { onlyUpdate, pageId, resident, startProduct, startStage } from './facebook-stage.ts'

const file = (): string => join(mkdtempSync(join(tmpdir(), 'sim-facebook-')), 'facebook.json')

describe('a Facebook kept in a file', () => {
  it('a restart finds the walls and chats, repeats no id and delivers what was still under way', async () => {
    const keepIn = file()
    const product = await startProduct()
    product.status = () => 503
    const first = await startStage({ keepIn })
    const postId = first.addPost(pageId, { text: 'Chào', id: `${pageId}_555` })
    await first.setWebhook({ url: product.url })
    const commentId = first.comment({ pageId, postId, author: resident, text: 'Hỏi' })
    first.message({ pageId, psid: '777', name: 'Lê Thị Giả', text: 'Nhắn' })
    await until(() => product.received.length, { what: 'a refused delivery' })
    const before = [first.wall(pageId), first.chat(pageId, '777')]
    await first.stop()

    const second = await startStage({ keepIn })
    const kept = [second.wall(pageId), second.chat(pageId, '777')]
    second.addPost(pageId, { text: 'Chào', id: `${pageId}_555` })
    product.status = () => 200
    const refused = product.received.length
    await second.setWebhook({ url: product.url })
    const nextId = second.comment({ pageId, postId, author: resident, text: 'Hỏi nữa' })
    await second.idle()

    expect(kept).toEqual(before)
    expect(second.wall(pageId).posts).toHaveLength(1)
    expect(nextId).not.toBe(commentId)
    const delivered = product.received.slice(refused).map(onlyUpdate)
    expect(delivered).toContainEqual(expect.objectContaining({ comment_id: commentId }))
    expect(delivered).toContainEqual(expect.objectContaining({ sender: { id: '777' } }))
  })

  it('a file that is something else is refused by name', async () => {
    const keepIn = file()
    writeFileSync(keepIn, '{"half":')

    await expect(startStage({ keepIn })).rejects.toThrow(keepIn)
  })
})
