const memory = new Map()

/** The last message of a chat this phone has shown. */
export function readUpTo(person, key) {
  return Number(memory.get(`${person} ${key}`) ?? stored(person)[key] ?? 0)
}

export function markRead(person, key, msgId) {
  memory.set(`${person} ${key}`, msgId)
  try {
    localStorage.setItem(nameOf(person), JSON.stringify({ ...stored(person), [key]: msgId }))
  } catch {
    // A phone in a closed frame may not keep anything; then it forgets on reload.
  }
}

function stored(person) {
  try {
    return JSON.parse(localStorage.getItem(nameOf(person)) ?? '{}')
  } catch {
    return {}
  }
}

function nameOf(person) {
  return `zalo-sim ${location.pathname} ${person}`
}
