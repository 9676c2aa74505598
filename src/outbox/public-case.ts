import type { CaseId } from '../lib/ids.ts'

/**
 * Proof that a case may be spoken about outside the office. Only `PublicCase.of` makes one, and it makes none from a
 * restricted case; a message to the public or to a resident cannot be queued without it.
 */
export class PublicCase {
  readonly #proved = true
  readonly id: CaseId
  readonly code: string

  private constructor(id: CaseId, code: string) {
    this.id = id
    this.code = code
  }

  static of(found: { id: CaseId; code: string; confidentiality: string }): PublicCase | null {
    return found.confidentiality === 'public' ? new PublicCase(found.id, found.code) : null
  }

  /** Whether this is such a proof; a look-alike object is not. */
  static is(value: object): value is PublicCase {
    return #proved in value && value.#proved
  }
}
