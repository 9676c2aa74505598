import { act, read } from './api.js'
import { h } from './dom.js'

const everyMs = 1000
const screen = document.getElementById('screen')
const list = h('div', { class: 'logins' })
screen.append(h('header', { class: 'bar' }, h('div', { class: 'title' }, 'Đăng nhập Zalo Web')), list)
let shown = null

/** The owner of a bot account stands here in for the phone that scans the code. */
async function refresh() {
  const [pending, accounts] = await Promise.all([read('qrPending', {}), read('accounts', {})])
  const now = JSON.stringify([pending, accounts])
  if (now === shown) return
  shown = now
  const cards = pending.map(({ code }) => card(code, accounts))
  list.replaceChildren(...(cards.length > 0 ? cards : [h('p', { class: 'empty' }, 'Chưa có mã QR nào đang chờ.')]))
}

function card(code, accounts) {
  const answer = (name, input) => () => act(name, input).then(refresh)
  return h(
    'section',
    { class: 'login', 'data-testid': 'qr-login', 'data-code': code },
    h('h2', {}, 'Có yêu cầu đăng nhập'),
    h('p', {}, 'Đăng nhập Zalo trên máy của đơn vị bằng tài khoản nào?'),
    ...accounts.map(({ uid, name }) =>
      h(
        'button',
        {
          class: 'accept',
          type: 'button',
          'data-testid': 'qr-accept',
          onclick: answer('qrAccept', { code, account: uid }),
        },
        `Đăng nhập: ${name}`,
      ),
    ),
    h('button', { type: 'button', 'data-testid': 'qr-decline', onclick: answer('qrDecline', { code }) }, 'Từ chối'),
  )
}

refresh()
setInterval(refresh, everyMs)
