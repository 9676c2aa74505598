/** What the platform of an account lets us do, as far as an officer's words depend on it. */
export interface Means {
  readonly maxTextChars: number
  /** Of the one private answer to a comment; null: a comment cannot be answered privately there. */
  readonly maxPrivateReplyChars: number | null
  /** How a photo goes with an answer to everybody and to one person: in the same message, after it, or (null) not at all. */
  readonly photoWith: Readonly<Record<'public' | 'resident', 'inside' | 'after' | null>>
  /** Texts of ours can be edited and taken down, comments hidden, and posts made. */
  readonly managesWall: boolean
  /** It is told which of our messages a person quotes. */
  readonly tellsQuotes: boolean
}
