/** What the platform of an account lets us do, as far as an officer's words depend on it. */
export interface Means {
  readonly maxTextChars: number
  /** Of the one private answer to a comment; null: a comment cannot be answered privately there. */
  readonly maxPrivateReplyChars: number | null
  /** Texts of ours can be edited and taken down, comments hidden, and posts made. */
  readonly managesWall: boolean
}
