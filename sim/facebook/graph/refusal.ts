/** Graph says no: the body it sends and its HTTP status. */
export class GraphRefusal extends Error {
  readonly http: number
  readonly body: GraphErrorBody
  constructor(http: number, body: GraphErrorBody) {
    super(body.error.message)
    this.name = 'GraphRefusal'
    this.http = http
    this.body = body
  }
}

export type GraphErrorBody = {
  error: {
    message: string
    type: string
    code: number
    error_subcode?: number
    is_transient?: boolean
    fbtrace_id: string
  }
}

type Known = { message: string; type?: string; http?: number; transient?: boolean }

// Wording from Meta's error pages and captured answers; the product must decide by code and subcode, never by these.
const known: Record<string, Known> = {
  '1': { message: 'An unknown error occurred', http: 500 },
  '2': { message: 'An unexpected error has occurred. Please retry your request later.', http: 500, transient: true },
  '4': { message: '(#4) Application request limit reached', http: 403, transient: true },
  '20': { message: '(#20) An error occurred while posting your comment.' },
  '20/1772107': { message: '(#20) Unable to post comment: the comment could not be added.' },
  '32': { message: '(#32) Page request limit reached', http: 403 },
  '33': { message: '(#33) This object does not exist or does not support this action' },
  '100': { message: '(#100) Invalid parameter' },
  '100/33': {
    message:
      'Unsupported request. Object does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api',
    type: 'GraphMethodException',
  },
  '10/2018278': {
    message:
      '(#10) This message is sent outside of allowed window. Learn more about the new policy here: https://developers.facebook.com/docs/messenger-platform/policy-overview',
  },
  '190': { message: 'Invalid OAuth access token - Cannot parse access token' },
  '190/460': {
    message:
      'Error validating access token: The session has been invalidated because the user changed their password or Facebook has changed the session for security reasons.',
  },
  '190/463': { message: 'Error validating access token: Session has expired.' },
  '190/492': { message: 'The user is not an admin of this page' },
  '190/2069032': { message: 'User Access Token Is Not Supported: a Page access token is required for this call.' },
  '200': { message: '(#200) Permissions error', http: 403 },
  '210': { message: '(#210) A page access token is required to request this resource.' },
  '283': { message: '(#283) That action requires the extended permission pages_manage_engagement', http: 403 },
  '368': {
    message: "You've already posted this. Posting the same content repeatedly on Facebook isn't allowed.",
  },
  '506/1455006': { message: '(#506) Duplicate status message' },
  '551/1545041': { message: "(#551) This person isn't available right now." },
  '613': { message: '(#613) Calls to this api have exceeded the rate limit.' },
  '10900': { message: '(#10900) Activity already replied to' },
  '10902': { message: '(#10902) This is not a Replyable activity' },
  '80001': { message: '(#80001) There have been too many calls to this Page account. Wait a bit and try again.' },
  '80006': { message: '(#80006) There have been too many messages sent from this Page. Wait a bit and try again.' },
}

/** The body of an error as Graph writes it. */
export function graphErrorBody(code: number, subcode?: number, message?: string): GraphErrorBody {
  const entry = lookUp(code, subcode)
  return {
    error: {
      message: message ?? entry?.message ?? `(#${code}) Something went wrong`,
      type: entry?.type ?? 'OAuthException',
      code,
      ...(subcode === undefined ? {} : { error_subcode: subcode }),
      ...(entry?.transient ? { is_transient: true } : {}),
      fbtrace_id: 'ASimulatedTraceId000000',
    },
  }
}

/** A refusal to throw from an edge. */
export function refuse(code: number, subcode?: number, message?: string): GraphRefusal {
  return new GraphRefusal(lookUp(code, subcode)?.http ?? 400, graphErrorBody(code, subcode, message))
}

/** 100/33: gone, or not visible to this token. Graph does not say which. */
export function gone(method: string, id: string): GraphRefusal {
  return refuse(
    100,
    33,
    `Unsupported ${method.toLowerCase()} request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api`,
  )
}

function lookUp(code: number, subcode?: number): Known | undefined {
  return (subcode === undefined ? undefined : known[`${code}/${subcode}`]) ?? known[String(code)]
}
