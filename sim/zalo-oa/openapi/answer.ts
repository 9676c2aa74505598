/** What a call comes to: the body under HTTP 200, what it made, and the echo that follows. */
export type Result = { body: unknown; created?: string[]; echo?: () => void }

const sentences: Record<number, string> = {
  [-32]: 'Exceed rate limit',
  [-200]: 'Send message failed',
  [-201]: 'Params is invalid',
  [-209]: 'This api is not supported',
  [-210]: 'Params exceed the allowable limit',
  [-211]: 'Out of quota',
  [-213]: 'User has not followed OA',
  [-216]: 'Access token is invalid',
  [-218]: 'Out of quota receive',
  [-220]: 'access_token is expired or not available',
  [-224]: 'OA have not purchased a package',
  [-227]: 'User is banned or has been inactive for more than 45 days',
  [-230]: 'User has not interacted with the OA in the past 7 days',
  [-232]: 'User has not interacted with the OA, or the last interaction is overdue',
  [-244]: 'User has restricted this type of message from your OA',
  [-320]: 'Your app is not connected to a Zalo Cloud Account',
  [-321]: 'The Zalo Cloud Account has run out of balance',
}

/** A refusal as Zalo words it; HTTP says 200 all the same. */
export function refusal(code: number): { error: number; message: string } {
  return { error: code, message: sentences[code] ?? 'Unknown error' }
}

const oauthNames: Record<number, string> = {
  [-14001]: 'Invalid request',
  [-14002]: 'Invalid app id',
  [-14004]: 'Invalid secret key',
  [-14012]: 'Invalid code verifier',
  [-14014]: 'Invalid refresh token',
  [-14019]: 'Authorization code expired or used',
  [-14020]: 'Refresh token expired or used',
}

/** A refusal of the token address. */
export function oauthRefusal(code: number): Record<string, unknown> {
  const name = oauthNames[code] ?? 'Invalid request'
  return {
    error_name: name,
    error_reason: name,
    ref_doc: 'https://developers.zalo.me/docs/official-account/phu-luc/ma-loi',
    error_description: name,
    error: code,
  }
}

export class Refusal extends Error {
  readonly body: object
  constructor(body: object) {
    super('refused')
    this.body = body
  }
}

export function refuse(code: number): Refusal {
  return new Refusal(refusal(code))
}
