type Fetch = typeof globalThis.fetch

/** The `polyfill` for zca-js that brings every host of Zalo's to a simulator; anything else is refused. */
export function simFetch(simUrl: string): Fetch {
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input)
    if (url.hostname !== 'zalo.me' && !url.hostname.endsWith('.zalo.me')) {
      throw new TypeError(`${url.hostname} is not a host of Zalo's: a test must not leave this machine`)
    }
    const headers = new Headers(init?.headers)
    headers.delete('accept-encoding')
    headers.set('x-sim-host', url.hostname)
    return fetch(new URL(url.pathname + url.search, simUrl), { ...init, headers })
  }
}
