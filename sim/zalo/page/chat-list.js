import { avatar, h, icon, when } from './dom.js'
import { readUpTo } from './unread.js'

/** The first screen: who there is to write with, the latest on top. */
export function chatList(person, chats, open) {
  const bar = h(
    'header',
    { class: 'bar' },
    h('div', { class: 'search' }, icon('search'), 'Tìm kiếm'),
    icon('scan'),
    icon('plus'),
  )
  const items = chats.map((chat) => h('li', {}, chatItem(person, chat, open)))
  const list = h('ul', { class: 'chats' }, ...items)
  const body = items.length > 0 ? list : h('p', { class: 'empty' }, 'Chưa có cuộc trò chuyện nào.')
  return [bar, body, tabs()]
}

function chatItem(person, chat, open) {
  const { key, title, last, thread } = chat
  const isMine = last?.by.person === person
  const isUnread = last !== null && !isMine && Number(last.msgId) > readUpTo(person, key)
  return h(
    'button',
    {
      class: `chat${isUnread ? ' unread' : ''}`,
      type: 'button',
      'data-testid': 'chat-item',
      'data-thread': key,
      onclick: () => open(key),
    },
    avatar(title, { group: 'group' in thread }),
    h(
      'div',
      { class: 'about' },
      h(
        'div',
        { class: 'line' },
        h('span', { class: 'name' }, title),
        h('span', { class: 'when' }, last ? when(last.at) : ''),
      ),
      h(
        'div',
        { class: 'line' },
        h('span', { class: 'preview' }, preview(chat, isMine)),
        isUnread ? h('span', { class: 'badge' }, 'Mới') : null,
      ),
    ),
  )
}

function preview({ last, thread }, isMine) {
  if (!last) return 'Chạm để nhắn tin'
  const what = contentInWords(last)
  if (isMine) return `Bạn: ${what}`
  return 'group' in thread ? `${last.name}: ${what}` : what
}

/** A message in one line. */
export function contentInWords({ undone, msgType, text }) {
  if (undone) return 'Tin nhắn đã được thu hồi'
  if (text !== '') return text
  return { 'chat.photo': '[Hình ảnh]', 'share.file': '[Tệp]', 'chat.sticker': '[Nhãn dán]' }[msgType] ?? ''
}

function tabs() {
  const all = [
    ['chat', 'Tin nhắn'],
    ['book', 'Danh bạ'],
    ['grid', 'Khám phá'],
    ['clock', 'Tường nhà'],
    ['person', 'Cá nhân'],
  ]
  const parts = all.map(([name, label], at) => h('div', { class: at === 0 ? 'on' : '' }, icon(name), label))
  return h('footer', { class: 'tabs', 'aria-hidden': 'true' }, ...parts)
}
