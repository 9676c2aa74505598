import { select, tablist } from './dom.js'
import { createHints } from './hints.js'
import { phonePane, publicPane } from './panes.js'
import { createStory } from './timeline.js'

const everyMs = 500
const examples = {
  question: 'Cho hỏi tách hộ khẩu cần giấy tờ gì?',
  feedback: 'Đèn đường xóm Minh Sơn hỏng cả tuần nay, đề nghị xã sửa giúp bà con.',
  accusation: 'Tôi tố cáo ông trưởng thôn thu tiền trái quy định của bà con.',
}

const scene = await (await fetch('/demo/api/scene')).json()
const people = scene.people
const desk = people.find(({ role }) => role === 'desk')
const wall = publicPane(scene)
const phone = phonePane(scene)
phone.show(people[0].person)

const views = document.querySelector('.views')
const view = (name) => {
  document.body.dataset.view = name
  select(views, views.querySelector(`[data-view=${name}]`))
}
tablist(views, (tab) => view(tab.dataset.view))

for (const button of document.querySelectorAll('[data-try]'))
  button.addEventListener('click', () => tryOut(button.dataset.try))

async function tryOut(name) {
  if (name === 'group') {
    view('phone')
    phone.show(people.find(({ role }) => role === 'resident').person)
    await phone.write(`@${scene.accountName} cho hỏi lịch tiêm phòng cho trâu bò tháng này ạ?`)
    return
  }
  view('public')
  await wall.write(examples[name])
}

const draw = createStory(document.getElementById('story'))
const hint = createHints(document.querySelector('.hints'))
const live = document.getElementById('live')
const seenCards = new Set()
let etag = null

async function look() {
  if (!document.hidden) await ask().catch(() => say(false))
  setTimeout(look, everyMs)
}

async function ask() {
  const response = await fetch('/demo/api/timeline', { headers: etag ? { 'if-none-match': etag } : {} })
  if (!response.ok && response.status !== 304) throw new Error(`the timeline answered ${response.status}`)
  say(true)
  if (response.status === 304) return
  const isFirst = etag === null
  etag = response.headers.get('etag')
  const timelines = await response.json()
  draw(timelines)
  hint(timelines, desk.name)
  tell(timelines, isFirst)
}

// A card that has just arrived puts a dot on the phones it lies in.
function tell(timelines, isFirst) {
  for (const { readers, steps } of timelines) {
    for (const step of steps) {
      if (step.kind !== 'card' || seenCards.has(step.ids.outboxId)) continue
      seenCards.add(step.ids.outboxId)
      if (isFirst) continue
      const role = readers === 'restricted' ? 'desk' : 'officer'
      phone.news(people.filter((one) => one.role === role).map(({ person }) => person))
    }
  }
}

function say(isLive) {
  live.classList.toggle('off', !isLive)
  live.lastElementChild.textContent = isLive ? 'trực tiếp' : 'mất kết nối, đang thử lại'
}

const time = document.getElementById('device-time')
const tick = () => {
  time.textContent = new Date().toLocaleTimeString('vi-VN', { hour: '2-digit', minute: '2-digit' })
}
tick()
setInterval(tick, 10_000)
look()
