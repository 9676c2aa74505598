/** How much of what comes from outside is taken in, and how much of it is passed on. */
export interface Limits {
  /** More attachments of one message than this are left where they are. */
  readonly filesPerMessage: number
  readonly pictureBytes: number
  /** Video, voice and documents. */
  readonly otherBytes: number
  /** What officers are shown in chat; each picture is one of the account's messages of the day. */
  readonly shown: { readonly picturesPerCase: number; readonly pictureBytes: number }
}

const megabyte = 1_000_000

export const shippedLimits: Limits = {
  filesPerMessage: 10,
  pictureBytes: 15 * megabyte,
  otherBytes: 25 * megabyte,
  shown: { picturesPerCase: 10, pictureBytes: 8 * megabyte },
}
