/** An element with properties and children. Text only ever becomes text. */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value)
    else if (name === 'class') element.className = value
    else if (name === 'hidden' || name === 'disabled') element[name] = value
    else if (value !== null) element.setAttribute(name, value)
  }
  element.append(...children.filter((child) => child !== null))
  return element
}

const paths = {
  back: 'M15 5l-7 7 7 7',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16.5 16.5L21 21',
  scan: 'M4 8V5a1 1 0 0 1 1-1h3M16 4h3a1 1 0 0 1 1 1v3M20 16v3a1 1 0 0 1-1 1h-3M8 20H5a1 1 0 0 1-1-1v-3M8 8h3v3H8zM13 13h3v3h-3zM13 8h3M8 13v3',
  plus: 'M12 5v14M5 12h14',
  call: 'M6.5 4h3l1.5 4-2 1.5a12 12 0 0 0 5.500 5.500L16 13l4 1.500v3c0 1-1 2-2 2C10.500 19.500 4.500 13.500 4.500 6c0-1 1-2 2-2z',
  video: 'M4 7h10a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V8a1 1 0 0 1 1-1zM15 11l6-3.500v9L15 13',
  menu: 'M9 6h11M9 12h11M9 18h11M4 6h.01M4 12h.01M4 18h.01',
  reply: 'M10 6L4 11.500 10 17v-3.500c5 0 8 1.500 10 5-.500-6-4-9-10-9z',
  undo: 'M5 5v5h5M5.500 10A7.500 7.500 0 1 1 5 14.500',
  send: 'M3 20.500l18.500-8.500L3 3.500v6.700l11 1.800-11 1.800z',
  close: 'M6 6l12 12M18 6L6 18',
  smile: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.500 14.500c1.800 2.300 5.200 2.300 7 0M9 9.500h.01M15 9.500h.01',
  people:
    'M9 11a3.300 3.300 0 1 0 0-6.600A3.300 3.300 0 0 0 9 11zM2.500 19c.4-3.500 3-5.500 6.500-5.500s6.100 2 6.500 5.500M16 10.700a2.800 2.800 0 1 0-.8-5.300M17.500 13.600c2.300.6 3.700 2.400 4 5.100',
  file: 'M6 3h8l5 5v12a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM14 3v5h5M8.500 13h7M8.500 16.500h5',
  chat: 'M12 4c4.700 0 8.500 3.200 8.500 7.200s-3.800 7.200-8.500 7.200c-1 0-2-.1-2.900-.4L5 20l.9-3.300c-1.500-1.300-2.400-3.300-2.400-5.500C3.500 7.200 7.300 4 12 4z',
  book: 'M6 4h12a1 1 0 0 1 1 1v14a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1zM12 11.500a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM8.500 16.500c.5-2 1.700-3 3.500-3s3 1 3.500 3M3 9h2M3 15h2',
  grid: 'M5 5h5v5H5zM14 5h5v5h-5zM5 14h5v5H5zM14 14h5v5h-5z',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.500 2',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.500 20c.5-4 3.300-6 7.500-6s7 2 7.500 6',
}

/** A line drawing by name. */
export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('aria-hidden', 'true')
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path')
  path.setAttribute('d', paths[name])
  svg.append(path)
  return svg
}

const colours = ['#3b82c4', '#c2693d', '#4d9a6a', '#8a6bbf', '#b8567a', '#2f9a9a', '#8c7a3b', '#5872b5']

/** A round picture of somebody: the initials Vietnamese names are known by, the last two words. */
export function avatar(name, { group = false, small = false } = {}) {
  const words = name.trim().split(/\s+/)
  const letters = words
    .slice(-2)
    .map((word) => [...word][0] ?? '')
    .join('')
    .toUpperCase()
  const sum = [...name].reduce((total, letter) => total + letter.codePointAt(0), 0)
  const box = h('div', { class: `avatar${small ? ' small' : ''}`, 'aria-hidden': 'true' })
  box.style.background = colours[sum % colours.length]
  box.append(group ? icon('people') : letters)
  box.querySelector('svg')?.classList.add('glyph')
  return box
}

/** 14:05 today, "Hôm qua", else 24/11. */
export function when(ms) {
  const then = new Date(ms)
  const days = Math.round((midnight(new Date()) - midnight(then)) / 86_400_000)
  if (days === 0) return clock(ms)
  if (days === 1) return 'Hôm qua'
  return `${pad(then.getDate())}/${pad(then.getMonth() + 1)}`
}

export function day(ms) {
  const then = new Date(ms)
  const days = Math.round((midnight(new Date()) - midnight(then)) / 86_400_000)
  if (days === 0) return 'Hôm nay'
  if (days === 1) return 'Hôm qua'
  return `${pad(then.getDate())}/${pad(then.getMonth() + 1)}/${then.getFullYear()}`
}

export function clock(ms) {
  const then = new Date(ms)
  return `${pad(then.getHours())}:${pad(then.getMinutes())}`
}

function midnight(date) {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime()
}

function pad(number) {
  return String(number).padStart(2, '0')
}
