import { randomInt } from 'node:crypto'

/** Sayable on the phone: no 0/O, no 1/I, no J, L. */
const LETTERS = '23456789ABCDEFGHKMNPQRSTUVWXYZ'
const WEIGHTS = [7, 11, 13, 17, 19]
const RANDOM_LETTERS = WEIGHTS.length
const TYPED = /(?<![A-Z0-9])DH[\s-]*([2-9A-HKMNP-Z]{3})[\s-]*([2-9A-HKMNP-Z]{3})(?![A-Z0-9])/giu

/** A new case code, e.g. "DH-7KM-3QP": five random letters and a check letter. No unit, no date, no sequence. */
export function newCaseCode(): string {
  const body = Array.from({ length: RANDOM_LETTERS }, () => LETTERS[randomInt(LETTERS.length)]).join('')
  return format(body + checkLetter(body))
}

/** The first valid code in a text, typed with or without dashes and in any case; null when there is none. */
export function findCaseCode(text: string): { code: string; at: number; length: number } | null {
  for (const { 0: typed, 1: head = '', 2: tail = '', index } of text.matchAll(TYPED)) {
    const letters = (head + tail).toUpperCase()
    if (isValid(letters)) return { code: format(letters), at: index, length: typed.length }
  }
  return null
}

/** Without regard to case some foreign letters pass for ours ("ſ" for "S"): they are no letters of a code. */
function isValid(letters: string): boolean {
  const body = letters.slice(0, RANDOM_LETTERS)
  return [...letters].every((letter) => LETTERS.includes(letter)) && checkLetter(body) === letters.at(-1)
}

function format(letters: string): string {
  return `DH-${letters.slice(0, 3)}-${letters.slice(3)}`
}

/** One wrong letter always changes it (every weight is coprime to 30), two swapped neighbours nearly always. */
function checkLetter(body: string): string {
  let sum = 0
  for (const [at, weight] of WEIGHTS.entries()) sum += weight * LETTERS.indexOf(body.charAt(at))
  return LETTERS.charAt(sum % LETTERS.length)
}
