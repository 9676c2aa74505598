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
  const part = Object.fromEntries(inVietNam.formatToParts(at).map(({ type, value }) => [type, value]))
  return `${part.hour}:${part.minute} ngày ${part.day}/${part.month}/${part.year}`
}
