const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** Time as Facebook shows it beside a comment. */
export function ago(at, now = Date.now()) {
  const passed = now - at
  if (passed < minute) return 'Vừa xong'
  if (passed < hour) return `${Math.floor(passed / minute)} phút`
  if (passed < day) return `${Math.floor(passed / hour)} giờ`
  if (passed < 7 * day) return `${Math.floor(passed / day)} ngày`
  return new Intl.DateTimeFormat('vi-VN', { day: 'numeric', month: 'long', year: 'numeric' }).format(at)
}

const zone = 'Asia/Ho_Chi_Minh'
const clock = new Intl.DateTimeFormat('vi-VN', { hour: '2-digit', minute: '2-digit', timeZone: zone })
const date = new Intl.DateTimeFormat('vi-VN', { weekday: 'long', day: 'numeric', month: 'long', timeZone: zone })

/** Hour and date, for the tooltip and between messages. */
export function fullTime(at) {
  return `${clock.format(at)} · ${date.format(at)}`
}
