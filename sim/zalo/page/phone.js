import { follow, read } from './api.js'
import { chatList } from './chat-list.js'
import { chatView } from './chat-view.js'
import { avatar, h } from './dom.js'

const screen = document.getElementById('screen')
const person = new URLSearchParams(location.search).get('person')
let view = null

addEventListener('popstate', show)
if (person) follow(person, changed)
show()

/** Draws what the address says: whose phone, and which chat is open. */
async function show() {
  if (!person) return choosePhone()
  const key = new URLSearchParams(location.search).get('thread')
  const chats = await read('chats', { person })
  const chat = chats.find((one) => one.key === key)
  if (!chat) {
    view = null
    screen.replaceChildren(...chatList(person, chats, open))
    return
  }
  view = { key: chat.key, ...chatView(person, chat, () => go(null)) }
  screen.replaceChildren(...view.parts)
  await view.refresh()
}

function open(key) {
  go(key)
}

function go(key) {
  const query = new URLSearchParams(location.search)
  if (key === null) query.delete('thread')
  else query.set('thread', key)
  history.pushState(null, '', `?${query}`)
  show()
}

function changed(key) {
  if (!view) show()
  else if (key === null || key === view.key) view.refresh()
}

async function choosePhone() {
  const people = await read('people', {})
  const rows = people.map(({ id, name }) =>
    h(
      'li',
      {},
      h(
        'button',
        { class: 'chat', type: 'button', onclick: () => location.assign(`?${new URLSearchParams({ person: id })}`) },
        avatar(name),
        h('div', { class: 'about' }, h('span', { class: 'name' }, name)),
      ),
    ),
  )
  const bar = h('header', { class: 'bar' }, h('div', { class: 'title' }, 'Điện thoại của ai?'))
  screen.replaceChildren(bar, h('ul', { class: 'chats' }, ...rows))
}
