import { h, inFrame, isStale, select, show as showPage, tablist, type } from './dom.js'

const byId = (id) => document.getElementById(id)

/** The window in which residents write: the Page's wall or Messenger. */
export function publicPane({ pageId }) {
  const frame = byId('public-frame')
  const tabs = document.querySelector('[aria-label="Kênh của bà con"]')
  const addresses = {
    page: `/demo/facebook/page?${new URLSearchParams({ pageId })}`,
    messenger: `/demo/facebook/messenger?${new URLSearchParams({ pageId })}`,
  }
  let shown = null

  function show(name) {
    if (shown === name) return
    shown = name
    mark(name)
    showPage(frame, addresses[name])
  }

  function mark(name) {
    select(tabs, tabs.querySelector(`[data-public=${name}]`))
    byId('public-address').textContent =
      name === 'page' ? 'facebook.com › Mặt trận Tổ quốc xã' : 'messenger.com › Mặt trận Tổ quốc xã'
    frame.title = name === 'page' ? 'Trang Facebook của xã (mô phỏng)' : 'Messenger (mô phỏng)'
  }

  // The wall's own button leads to Messenger, and Messenger's arrow back.
  frame.addEventListener('load', async () => {
    if (isStale(frame)) return
    const name = frame.contentWindow.location.pathname.endsWith('/messenger') ? 'messenger' : 'page'
    shown = name
    mark(name)
    if (name !== 'page') return
    followWall(frame)
    const post = await inFrame(frame, (page) => page.querySelector('[data-testid=post]'))
    if (post && frame.contentWindow.scrollY === 0) post.scrollIntoView({ block: 'start' })
  })

  tablist(tabs, (tab) => show(tab.dataset.public))
  show('page')
  return {
    show,
    get shown() {
      return shown
    },
    /** Fills the box a resident would write in, where they are. */
    async write(text) {
      const testId = shown === 'messenger' ? 'messenger-box' : 'comment-box'
      const box = await inFrame(frame, (page) => page.querySelector(`[data-testid=${testId}]`))
      if (box) type(frame, box, text)
    },
  }
}

/** What has just been written on the wall comes into view: a question, its acknowledgement, its answer. */
function followWall(frame) {
  const { document: page, MutationObserver: Observer } = frame.contentWindow
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches
  const watch = new Observer((changes) => {
    const added = changes.flatMap(({ addedNodes }) => [...addedNodes])
    const fresh = added.findLast((node) => node.classList?.contains('fresh'))
    fresh?.scrollIntoView({ block: 'center', behavior: calm ? 'auto' : 'smooth' })
  })
  watch.observe(page.body, { childList: true, subtree: true })
}

/** The phone: whose it is can be switched. */
export function phonePane({ accountUid, officersGroup, residentsGroup, people }) {
  const frame = byId('phone-frame')
  const tabs = byId('people')
  const roles = { officer: 'cán bộ xã', desk: 'đầu mối tỉnh', resident: 'bà con' }
  let holder = null

  tabs.append(
    ...people.map(({ person, name, role }) =>
      h(
        'button',
        {
          type: 'button',
          role: 'tab',
          'data-person': person,
          'data-testid': `phone-of-${person}`,
          'aria-controls': 'phone-frame',
          'aria-label': `${name}, ${roles[role]}`,
        },
        h('b', {}, name.split(' ').at(-1)),
        h('small', {}, roles[role]),
      ),
    ),
  )
  tablist(tabs, (tab) => show(tab.dataset.person))

  const threadOf = ({ person, role }) =>
    ({ officer: `g:${officersGroup}`, desk: `d:${accountUid}:${person}`, resident: `g:${residentsGroup}` })[role]

  const tabOf = (person) => tabs.querySelector(`[data-person="${person}"]`)
  function dot(person, isThere) {
    const { name, role } = people.find((one) => one.person === person)
    tabOf(person).classList.toggle('news', isThere)
    tabOf(person).setAttribute('aria-label', `${name}, ${roles[role]}${isThere ? ', có thẻ mới' : ''}`)
  }

  function show(person) {
    const tab = tabOf(person)
    dot(person, false)
    if (holder === person) return
    holder = person
    select(tabs, tab)
    const owner = people.find((one) => one.person === person)
    frame.title = `Zalo của ${owner.name} (mô phỏng)`
    showPage(frame, `/demo/zalo/phone?${new URLSearchParams({ person, thread: threadOf(owner) })}`)
  }

  return {
    show,
    /** Something arrived for these people: whoever's phone is not in view gets a dot. */
    news(persons) {
      if (persons.includes(holder)) return
      for (const person of persons) dot(person, true)
    },
    async write(text) {
      const box = await inFrame(frame, (page) => page.querySelector('[data-testid=chat-box]'))
      if (box) type(frame, box, text)
    },
  }
}
