import { contentInWords } from './chat-list.js'
import { h, icon } from './dom.js'

/** The box at the bottom. `send(text, quote, mentions)` is awaited; what was typed stays when it is refused. */
export function composer(chat, send) {
  let quoted = null
  const replying = h('div', { class: 'replying', 'data-testid': 'replying', hidden: true })
  const names = h('div', { class: 'names', hidden: true })
  const refused = h('p', { class: 'refused', role: 'alert', hidden: true })
  const area = h('textarea', {
    rows: 1,
    placeholder: 'Tin nhắn',
    'aria-label': 'Tin nhắn',
    'data-testid': 'chat-box',
    enterkeyhint: 'send',
    oninput: typed,
    onkeydown: (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
      event.preventDefault()
      submit()
    },
  })
  const button = h('button', { type: 'submit', 'aria-label': 'Gửi', 'data-testid': 'chat-send' }, icon('send'))
  const form = h('form', { class: 'write' }, icon('smile'), area, button)
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    submit()
  })

  function typed() {
    area.style.height = 'auto'
    area.style.height = `${area.scrollHeight}px`
    button.classList.toggle('ready', area.value.trim() !== '')
    suggest()
  }

  // After an "@", the accounts in this group that can be called.
  function suggest() {
    const [, begun] = /@([^@\n]{0,30})$/.exec(area.value) ?? []
    const fitting =
      begun === undefined ? [] : chat.accounts.filter(({ name }) => name.toLowerCase().startsWith(begun.toLowerCase()))
    names.replaceChildren(
      ...fitting.map(({ name }) => h('button', { type: 'button', onclick: () => call(name) }, `@${name}`)),
    )
    names.hidden = fitting.length === 0
  }

  function call(name) {
    area.value = `${area.value.replace(/@[^@\n]*$/, '')}@${name} `
    area.focus()
    typed()
  }

  function quote(message) {
    quoted = message
    replying.hidden = message === null
    if (message === null) return
    const close = h('button', { type: 'button', 'aria-label': 'Bỏ trả lời', onclick: () => quote(null) }, icon('close'))
    const about = h('div', {}, h('strong', {}, `Trả lời ${message.name}`), h('p', {}, contentInWords(message)))
    replying.replaceChildren(about, close)
    area.focus()
  }

  async function submit() {
    const text = area.value.trim()
    if (text === '') return
    const mentions = chat.accounts.filter(({ name }) => text.includes(`@${name}`)).map(({ uid }) => uid)
    const quoteId = quoted?.msgId
    area.value = ''
    typed()
    try {
      await send(text, quoteId, mentions)
      refused.hidden = true
      if (quoted?.msgId === quoteId) quote(null)
    } catch (error) {
      refused.textContent = `Chưa gửi được: ${error.message}`
      refused.hidden = false
      area.value = text
      typed()
    }
  }

  const element = h('div', { class: 'composer' }, refused, replying, names, form)
  return { element, quote }
}
