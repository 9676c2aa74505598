import { act, read } from './api.js'
import { composer } from './composer.js'
import { day, h, icon } from './dom.js'
import { messageView } from './message.js'
import { markRead } from './unread.js'

const sameRunMs = 5 * 60 * 1000

/** One conversation: what was said, and the box to answer in. `refresh` fetches it again. */
export function chatView(person, chat, back) {
  const { key, thread, title, members } = chat
  const isGroup = 'group' in thread
  const list = h('ul', { class: 'messages' })
  const box = composer(chat, (text, quote, mentions) =>
    act('say', { ...thread, person, text, quote, mentions }).then(refresh),
  )
  const bar = h(
    'header',
    { class: 'bar' },
    h(
      'button',
      { class: 'back', type: 'button', 'aria-label': 'Quay lại', 'data-testid': 'back', onclick: back },
      icon('back'),
    ),
    h(
      'div',
      { class: 'grow' },
      h('div', { class: 'title' }, title),
      h('div', { class: 'subtitle' }, isGroup ? `${members} thành viên` : 'Vừa mới truy cập'),
    ),
    ...(isGroup ? [icon('video')] : [icon('call'), icon('video')]),
    icon('menu'),
  )
  let shown = ''

  async function refresh() {
    const messages = await read('conversation', { thread: key })
    const now = JSON.stringify(messages)
    if (now === shown) return
    const isFirstTime = shown === ''
    const wasAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 80
    shown = now
    draw(messages)
    const last = messages.at(-1)
    if (last) markRead(person, key, last.msgId)
    if (isFirstTime || wasAtEnd || last?.by.person === person) list.scrollTop = list.scrollHeight
  }

  // A row whose message is the same stays, so that a menu that is open stays open.
  function draw(messages) {
    const old = new Map([...list.children].map((row) => [row.dataset.key, row]))
    const rows = []
    messages.forEach((message, at) => {
      const before = messages[at - 1]
      if (!before || day(before.at) !== day(message.at)) rows.push(h('li', { class: 'day' }, day(message.at)))
      const isFirst = !before || !isSameRun(before, message)
      const rowKey = JSON.stringify([message, isFirst])
      const row = old.get(rowKey) ?? messageView(message, { person, isGroup, isFirst, reply, react, undo, jump })
      row.dataset.key = rowKey
      rows.push(row)
    })
    list.replaceChildren(...rows)
  }

  function reply(message) {
    for (const row of list.querySelectorAll('.chosen')) row.classList.remove('chosen')
    box.quote(message)
  }

  async function react(message, face) {
    await act('react', { person, msgId: message.msgId, icon: face })
    await refresh()
  }

  async function undo(message) {
    await act('undo', { person, msgId: message.msgId })
    await refresh()
  }

  function jump(msgId) {
    const row = list.querySelector(`[data-msg-id="${CSS.escape(msgId)}"]`)
    if (!row) return
    row.scrollIntoView({ block: 'center', behavior: 'smooth' })
    row.classList.remove('flash')
    requestAnimationFrame(() => row.classList.add('flash'))
  }

  return { parts: [bar, list, box.element], refresh }
}

function isSameRun(before, message) {
  const isSameAuthor = before.by.person === message.by.person && before.by.account === message.by.account
  return isSameAuthor && message.at - before.at < sameRunMs && day(before.at) === day(message.at)
}
