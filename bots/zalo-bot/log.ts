/** As much of a logger as the adapter needs: a static sentence, facts as fields, never words of people. */
export interface BotLog {
  info(fields: object, sentence: string): void
  warn(fields: object, sentence: string): void
  error(fields: object, sentence: string): void
}
