import { ask, composer, el, live, sync } from './dom.js'
import { currentResident } from './people.js'
import { fullTime } from './time.js'

const byId = (id) => document.getElementById(id)
const query = new URLSearchParams(location.search)
const pageId = query.get('pageId') ?? (await ask('pages'))[0]?.id ?? ''
const me = currentResident()
const psid = query.get('psid') ?? me.psid
const pauseMs = 20 * 60_000

byId('back').href = `page?${new URLSearchParams({ pageId })}`
byId('page-avatar').textContent = '★'
byId('intro-avatar').textContent = '★'
const box = composer(byId('form'), (text) => ask('message', { pageId, psid, name: personName(), text }))
let knownName = ''
box.focus({ preventScroll: true })
live(pageId, async () => draw(await ask(`chat?${new URLSearchParams({ pageId, psid })}`)))

function draw(chat) {
  document.title = `${chat.page.name} | Messenger (mô phỏng)`
  byId('page-name').textContent = chat.page.name
  byId('intro-name').textContent = chat.page.name
  knownName = chat.person.name
  byId('me-name').textContent = personName()
  const scroll = byId('scroll')
  const atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 120
  let before = 0
  const items = chat.messages.map((message, index) => {
    const next = chat.messages[index + 1]
    const divider = message.at - before > pauseMs
    before = message.at
    const last = !next || next.fromPage !== message.fromPage || next.at - message.at > pauseMs
    return { ...message, id: message.mid, divider, last }
  })
  sync(byId('lines'), items, createLine, updateLine)
  if (atEnd) scroll.scrollTop = scroll.scrollHeight
}

function createLine(message) {
  const from = message.fromPage ? 'page' : 'resident'
  return el(
    'li',
    { className: `line ${from}` },
    ...(message.divider ? [el('div', { className: 'divider' }, fullTime(message.at))] : []),
    el(
      'div',
      { className: 'line-row' },
      ...(message.fromPage ? [el('span', { className: 'avatar tiny page', ariaHidden: 'true' }, '★')] : []),
      el('div', {
        className: 'line-bubble',
        'data-testid': 'messenger-message',
        'data-from': from,
        title: fullTime(message.at),
      }),
    ),
  )
}

function updateLine(node, message) {
  node.classList.toggle('last', message.last)
  const words = message.text || message.attachments.map(({ type }) => `[${type}]`).join(' ')
  node.querySelector('.line-bubble').textContent = words
}

function personName() {
  return query.get('name') || knownName || me.name
}
