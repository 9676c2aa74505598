import { h } from './dom.js'

const channels = {
  'facebook post': ['Bình luận', 'fb'],
  'facebook direct': ['Messenger', 'fb'],
  'zalo group': ['Nhóm Zalo', 'zalo'],
  'zalo direct': ['Zalo riêng', 'zalo'],
}
const clock = new Intl.DateTimeFormat('vi-VN', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZone: 'Asia/Ho_Chi_Minh',
})

/** What became of a matter, in two words. */
export function stateOf({ readers, steps }) {
  const has = (kind) => steps.some((step) => step.kind === kind)
  if (readers === 'restricted') return ['kept', 'Giữ kín']
  if (readers === 'nobody_needed') return ['left', 'Không cần trả lời']
  if (has('withdrawn')) return ['left', 'Đã rút lại']
  if (has('confirmed')) return ['done', 'Đã trả lời']
  if (has('answered')) return ['going', 'Đang đăng']
  if (has('card')) return ['waits', 'Chờ cán bộ']
  return ['going', 'Đang xử lý']
}

/** Draws the matters, newest first; what is there already stays, so that nothing that is read jumps. */
export function createStory(root) {
  const drawn = new Map()
  const closedByHand = new Set()

  return function draw(timelines) {
    const isFirst = drawn.size === 0
    const cards = timelines.map((timeline, index) => {
      const known = drawn.get(timeline.id) ?? createCard(timeline, closedByHand)
      drawn.set(timeline.id, known)
      update(known, timeline, isFirst)
      if (!closedByHand.has(timeline.id)) known.open = index === 0
      return known
    })
    for (const [id, card] of drawn) if (!cards.includes(card)) drawn.delete(id)
    arrange(root, cards.length > 0 ? cards : [root.querySelector('.empty') ?? empty()])
  }
}

/** Makes these the children, in order. What is in its place is not touched: an element put in again would arrive again. */
function arrange(parent, nodes) {
  let place = parent.firstElementChild
  for (const node of nodes) {
    if (node === place) place = place.nextElementSibling
    else parent.insertBefore(node, place)
  }
  while (place) {
    const gone = place
    place = place.nextElementSibling
    gone.remove()
  }
}

function empty() {
  return h(
    'div',
    { class: 'empty' },
    h('p', {}, 'Chưa có câu hỏi nào.'),
    h(
      'p',
      {},
      'Khi bà con viết, từng bước sẽ hiện ở đây: nhận, lưu, xếp loại, giao cho ai và vì sao, trả lời, đăng, xác nhận.',
    ),
  )
}

function createCard({ id, platform, place }, closedByHand) {
  const [label, brand] = channels[`${platform} ${place}`] ?? ['Tin', 'fb']
  const card = h(
    'details',
    { class: 'matter', 'data-testid': 'timeline', 'data-id': id },
    h(
      'summary',
      {},
      h(
        'span',
        { class: 'line' },
        h('span', { class: `channel ${brand}` }, label),
        h('span', { class: 'code' }),
        h('span', { class: 'state' }),
      ),
      h('span', { class: 'words' }),
    ),
    h('ol', { class: 'steps' }),
  )
  card.querySelector('summary').addEventListener('click', () => closedByHand.add(id))
  return card
}

function update(card, timeline, isFirst) {
  const { code, words, author, readers, steps } = timeline
  const [name, label] = stateOf(timeline)
  const state = card.querySelector('.state')
  state.textContent = label
  state.className = `state ${name}`
  card.dataset.readers = readers
  card.querySelector('.code').textContent = code ?? ''
  const said = card.querySelector('.words')
  const hidden = readers === 'restricted' ? '🔒 Nội dung không hiện ở đây: chỉ người phụ trách xem được.' : ''
  said.textContent = words ? `${author ?? 'Người dân'}: “${words}”` : hidden
  const list = card.querySelector('.steps')
  const old = new Map([...list.children].map((row) => [row.dataset.key, row]))
  const rows = steps.map((step) => {
    const key = `${step.kind} ${Object.values(step.ids).join(' ')} ${step.title}`
    const row = old.get(key) ?? stepView(step, isFirst)
    row.dataset.key = key
    return row
  })
  arrange(list, rows)
}

function stepView({ kind, at, title, because, words, ids }, isFirst) {
  const trail = Object.entries(ids)
    .map(([name, id]) => `${name} ${id}`)
    .join('\n')
  return h(
    'li',
    { class: `step ${kind}${isFirst ? '' : ' fresh'}`, 'data-testid': 'step', 'data-kind': kind, title: trail },
    h('time', { datetime: at }, clock.format(new Date(at))),
    h(
      'div',
      {},
      h('p', { class: 'title' }, title),
      because ? h('p', { class: 'because' }, because) : null,
      words ? h('p', { class: 'quote' }, `“${words}”`) : null,
    ),
  )
}
