import { stateOf } from './timeline.js'

/** Which of the three hints is the next thing to do, judged by the latest matter. */
export function createHints(list) {
  const usual = new Map([...list.children].map((item) => [item.dataset.hint, item.innerHTML]))
  let shown = ''

  return function update(timelines, deskName) {
    const latest = timelines.find(({ readers }) => readers !== 'nobody_needed')
    const [state] = latest ? stateOf(latest) : ['ask']
    const next = { waits: 'answer', kept: 'kept', going: 'watch', done: 'watch' }[state] ?? 'ask'
    if (next === shown) return
    shown = next
    for (const item of list.children) {
      const isNext = item.dataset.hint === (next === 'kept' ? 'answer' : next)
      item.classList.toggle('next', isNext)
      if (isNext) item.setAttribute('aria-current', 'step')
      else item.removeAttribute('aria-current')
      item.innerHTML = usual.get(item.dataset.hint)
    }
    if (next === 'kept') {
      const item = list.querySelector('[data-hint=answer]')
      item.replaceChildren(
        `Tin vừa rồi được giữ kín: Trang không báo nhận, không trả lời. Mở điện thoại của ${deskName} để xem thẻ riêng.`,
      )
    }
  }
}
