const inVietNam = new Intl.DateTimeFormat('vi-VN', {
  timeZone: 'Asia/Ho_Chi_Minh',
  hour: '2-digit',
  minute: '2-digit',
  day: '2-digit',
  month: '2-digit',
  year: 'numeric',
})

/** A moment as people here say it: "08:15 ngày 02/03/2026". */
export function moment(at: Date): string {
  return `${dayMoment(at)}/${partsOf(at).year}`
}

/** One that is only some days away: "08:15 ngày 02/03". */
export function dayMoment(at: Date): string {
  const { hour, minute, day, month } = partsOf(at)
  return `${hour}:${minute} ngày ${day}/${month}`
}

function partsOf(at: Date): Record<string, string> {
  return Object.fromEntries(inVietNam.formatToParts(at).map(({ type, value }) => [type, value]))
}
