import { avatar, clock, h, icon } from './dom.js'

const faces = {
  '/-heart': '❤️',
  '_()_': '🙏',
  '/-strong': '👍',
  '/-ok': '👌',
  '/-thanks': '🙏',
  '/-rose': '🌹',
  ':>': '😆',
  ':o': '😮',
  ':-((': '😢',
  ':-h': '😡',
  '/-weak': '👎',
  ':handclap': '👏',
}

/** One message with what can be done to it. */
export function messageView(message, { person, isGroup, isFirst, reply, react, undo, jump }) {
  const isMine = message.by.person === person
  const bubble = h('div', { class: `bubble${message.reactions.length > 0 ? ' reacted' : ''}` })
  if (isGroup && !isMine && isFirst) bubble.append(h('div', { class: 'author' }, message.name))
  if (message.quote) bubble.append(quoteView(message.quote, jump))
  bubble.append(...contentView(message), h('div', { class: 'time' }, clock(message.at)))
  if (message.reactions.length > 0) bubble.append(reactionsView(message.reactions))

  const row = h('li', {
    class: `message${isMine ? ' mine' : ''}${isFirst ? ' first' : ''}`,
    'data-testid': 'message',
    'data-msg-id': message.msgId,
  })
  if (!isMine) row.append(isFirst ? avatar(message.name, { small: true }) : h('span'))
  row.append(h('div', { class: 'body' }, bubble))
  if (!message.undone) row.append(actionsView(message, isMine, { reply, react, undo }))
  chooseByTouch(row, bubble)
  return row
}

function contentView(message) {
  if (message.undone) return [h('div', { class: 'gone' }, 'Tin nhắn đã được thu hồi')]
  const parts = []
  const address = mediaAddress(message.content?.href)
  if (message.msgType === 'chat.photo') parts.push(h('img', { src: address, alt: 'Hình ảnh', loading: 'lazy' }))
  if (message.msgType === 'share.file') {
    const name = String(message.content?.title ?? 'Tệp')
    parts.push(h('a', { class: 'file', href: address, download: name }, icon('file'), name))
  }
  if (message.msgType === 'chat.sticker') parts.push(h('div', { class: 'gone' }, '[Nhãn dán]'))
  if (message.text !== '') parts.push(textView(message))
  return parts
}

function textView({ text, mentions }) {
  const box = h('div', { class: 'text' })
  let at = 0
  for (const { pos, len } of [...mentions].sort((a, b) => a.pos - b.pos)) {
    if (pos < at) continue
    box.append(text.slice(at, pos), h('span', { class: 'mention' }, text.slice(pos, pos + len)))
    at = pos + len
  }
  box.append(text.slice(at))
  return box
}

function quoteView({ msgId, name, text }, jump) {
  return h(
    'button',
    { class: 'quote', type: 'button', 'data-testid': 'quote', 'data-quoted': msgId, onclick: () => jump(msgId) },
    h('span', { class: 'who' }, name),
    h('span', { class: 'what' }, text),
  )
}

function reactionsView(reactions) {
  const icons = [...new Set(reactions.map((reaction) => faces[reaction.icon] ?? '🙂'))].join('')
  const who = reactions.map((reaction) => reaction.name).join(', ')
  const count = reactions.length > 1 ? ` ${reactions.length}` : ''
  return h('span', { class: 'reactions', title: who, 'data-testid': 'reactions' }, `${icons}${count}`)
}

function actionsView(message, isMine, { reply, react, undo }) {
  const button = (testId, label, content, act) =>
    h('button', { type: 'button', 'data-testid': testId, title: label, onclick: act }, ...content)
  return h(
    'div',
    { class: 'actions' },
    button('reply-action', 'Trả lời', [icon('reply'), 'Trả lời'], () => reply(message)),
    button('react-action', 'Thích', ['👍'], () => react(message, '/-strong')),
    button('react-heart', 'Yêu thích', ['❤️'], () => react(message, '/-heart')),
    isMine ? button('undo-action', 'Thu hồi', [icon('undo'), 'Thu hồi'], () => undo(message)) : null,
  )
}

const longPressMs = 380

// With a finger: a tap or a long press shows what can be done, another message's closes.
function chooseByTouch(row, bubble) {
  const choose = () => {
    for (const other of document.querySelectorAll('.message.chosen'))
      if (other !== row) other.classList.remove('chosen')
    row.classList.add('chosen')
    row.querySelector('.actions')?.scrollIntoView({ block: 'nearest' })
  }
  let timer
  bubble.addEventListener('pointerdown', () => {
    timer = setTimeout(choose, longPressMs)
  })
  for (const end of ['pointerup', 'pointercancel', 'pointerleave'])
    bubble.addEventListener(end, () => clearTimeout(timer))
  bubble.addEventListener('contextmenu', (event) => {
    event.preventDefault()
    choose()
  })
  bubble.addEventListener('click', () => {
    if (row.classList.contains('chosen')) row.classList.remove('chosen')
    else choose()
  })
}

// Only what the simulator itself keeps is shown, by an address that stays right behind a proxy.
function mediaAddress(href) {
  const [, id] = /\/_sim\/media\/([\w-]+)$/.exec(String(href ?? '')) ?? []
  return id ? `media/${id}` : null
}
