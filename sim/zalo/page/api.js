/** Reads one of the simulator's lists. Addresses are relative, so that a proxy may put a prefix before them. */
export async function read(name, query) {
  const response = await fetch(`${name}?${new URLSearchParams(query)}`)
  if (!response.ok) throw new Error(`${name}: ${response.status}`)
  return response.json()
}

/** Does something as the person who holds this phone; throws with the reason in words. */
export async function act(name, input) {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(name, { method: 'POST', headers, body: JSON.stringify(input) })
  const answer = await response.json()
  if (!response.ok) throw new Error(answer.error)
  return answer
}

/** Calls back with the key of every conversation that changed, and with null after a lost connection came back. */
export function follow(person, changed) {
  const events = new EventSource(`events?${new URLSearchParams({ person })}`)
  let wasOpen = false
  events.addEventListener('open', () => {
    if (wasOpen) changed(null)
    wasOpen = true
  })
  events.addEventListener('message', ({ data }) => changed(JSON.parse(data).thread))
}
