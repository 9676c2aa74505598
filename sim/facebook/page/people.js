import { hash } from './dom.js'

const suggestions = ['Nguyễn Văn An', 'Trần Thị Bình', 'Lê Văn Cường', 'Phạm Thị Dung', 'Hồ Sỹ Em']
const storageKey = 'sim-facebook-resident'

/** Who sits at this browser: a name that is kept, and two ids made of it (comments and Messenger number people apart). */
export function currentResident() {
  const named = new URLSearchParams(location.search).get('name')
  return residentNamed(named || stored() || suggestions[0])
}

export function residentNamed(name) {
  const number = String(hash(name)).padStart(10, '0')
  return { name, id: `2400000${number}`, psid: `7300000${number}` }
}

export function keepResident(name) {
  try {
    localStorage.setItem(storageKey, name)
  } catch {
    // a browser that keeps nothing still lets one write
  }
}

export { suggestions }

function stored() {
  try {
    return localStorage.getItem(storageKey)
  } catch {
    return null
  }
}
