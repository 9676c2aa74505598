/** An element with attributes and children. Text only ever becomes text. */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value)
    else if (value !== null && value !== undefined && value !== false)
      element.setAttribute(name, value === true ? '' : value)
  }
  element.append(...children.filter((child) => child !== null && child !== undefined))
  return element
}

/** Arrow keys move between the tabs of a list, as readers of screens expect. */
export function tablist(list, choose) {
  const tabs = () => [...list.querySelectorAll('[role=tab]')]
  list.addEventListener('click', (event) => {
    const tab = event.target.closest('[role=tab]')
    if (tab) choose(tab)
  })
  list.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (!step) return
    const all = tabs()
    const next = all[(all.indexOf(document.activeElement) + step + all.length) % all.length]
    next?.focus()
    if (next) choose(next)
    event.preventDefault()
  })
}

export function select(list, chosen) {
  for (const tab of list.querySelectorAll('[role=tab]')) {
    tab.setAttribute('aria-selected', String(tab === chosen))
    tab.tabIndex = tab === chosen ? 0 : -1
  }
}

/** Shows a page in a frame; `loaded` is kept for whoever wants to write there: until then the page before it answers. */
export function show(frame, address) {
  const { href } = new URL(address, location.href)
  frame.loaded = new Promise((resolve) => {
    frame.addEventListener('load', function arrived() {
      if (frame.contentWindow.location.href !== href) return
      frame.removeEventListener('load', arrived)
      resolve()
    })
  })
  frame.coming = href
  frame.src = href
}

/** Whether this load is of a page that was asked for meanwhile, not of the one that is about to be replaced. */
export function isStale(frame) {
  if (frame.coming !== undefined && frame.contentWindow.location.href !== frame.coming) return true
  frame.coming = undefined
  return false
}

/** Waits for something to be in a frame's page: its scripts draw after it has loaded. */
export async function inFrame(frame, find, patienceMs = 8000) {
  await frame.loaded
  const deadline = performance.now() + patienceMs
  while (performance.now() < deadline) {
    const found = frame.contentDocument && find(frame.contentDocument)
    if (found) return found
    await new Promise((resolve) => setTimeout(resolve, 40))
  }
  return null
}

/** Puts text into a box of a frame as if it had been typed, and leaves the cursor there. */
export function type(frame, box, text) {
  box.value = text
  box.dispatchEvent(new frame.contentWindow.Event('input', { bubbles: true }))
  box.scrollIntoView({ block: 'center' })
  box.focus({ preventScroll: true })
  box.setSelectionRange(text.length, text.length)
}
