/** An element with properties, attributes (data-, aria-, …) and children; text only ever goes in as text. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag)
  for (const [name, value] of Object.entries(props)) {
    if (name in node && !name.includes('-')) node[name] = value
    else node.setAttribute(name, value)
  }
  node.append(...children)
  return node
}

/** Makes the children of `parent` be `items`, in order, reusing what is there: nothing typed or focused is lost. */
export function sync(parent, items, create, update) {
  const known = new Map([...parent.children].map((child) => [child.dataset.id, child]))
  let place = parent.firstElementChild
  for (const item of items) {
    const node = known.get(item.id) ?? create(item)
    node.dataset.id = item.id
    known.delete(item.id)
    if (node === place) place = place.nextElementSibling
    else parent.insertBefore(node, place)
    update(node, item)
  }
  for (const gone of known.values()) gone.remove()
}

/** Initials on a colour that stays with the name. */
export function paintAvatar(node, name) {
  const words = name.trim().split(/\s+/u)
  const letters = words.length > 1 ? [words.at(-2), words.at(-1)] : words
  node.textContent = letters
    .map((word) => word?.[0] ?? '')
    .join('')
    .toUpperCase()
  const hues = [204, 262, 338, 24, 152, 186, 290, 45]
  node.style.background = `hsl(${hues[hash(name) % hues.length]} 48% 52%)`
}

/** A text box that grows, sends with Enter and keeps its text when sending failed. */
export function composer(form, send) {
  const box = form.querySelector('textarea')
  const button = form.querySelector('button.send')
  let busy = false
  const refresh = () => {
    button.disabled = busy || box.value.trim() === ''
    box.style.height = 'auto'
    box.style.height = `${Math.min(box.scrollHeight, 160)}px`
  }
  box.addEventListener('input', refresh)
  box.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return // an input method is still composing a letter
    event.preventDefault()
    form.requestSubmit()
  })
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    const text = box.value.trim()
    if (text === '' || busy) return
    busy = true
    refresh()
    form.querySelector('.send-error')?.remove()
    try {
      await send(text)
      if (box.value.trim() === text) box.value = '' // else the next words are being written already
    } catch {
      form.append(el('p', { className: 'send-error', role: 'alert' }, 'Chưa gửi được. Vui lòng thử lại.'))
    }
    busy = false
    refresh()
  })
  refresh()
  return box
}

/** Asks the simulator; every address is relative, so it works behind a prefix. */
export async function ask(name, body) {
  const response = await fetch(name, body ? { method: 'POST', body: JSON.stringify(body) } : {})
  if (!response.ok) throw new Error(`${name} answered ${response.status}`)
  return response.json()
}

/** Calls `refresh` now and after each change; a burst of changes is one refresh. */
export function live(pageId, refresh) {
  const offline = document.getElementById('offline')
  let planned = false
  const soon = () => {
    if (planned) return
    planned = true
    setTimeout(async () => {
      planned = false
      await refresh().catch(() => setTimeout(soon, 2000))
    }, 60)
  }
  const events = new EventSource(`events?pageId=${encodeURIComponent(pageId)}`)
  events.onopen = () => {
    offline.hidden = true
    soon()
  }
  events.onmessage = soon
  events.onerror = () => {
    offline.hidden = false
  }
  soon()
}

export function hash(text) {
  let value = 2166136261
  for (const char of text.normalize('NFC')) value = Math.imul(value ^ char.codePointAt(0), 16777619) >>> 0
  return value
}
