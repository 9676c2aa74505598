import { z } from 'zod'

/** A unit's stable, readable name in configuration, e.g. "xa-cat-ngan". */
export const UnitCode = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected a unit code like "xa-cat-ngan"')
export type UnitCode = z.infer<typeof UnitCode>

export const UnitKind = z.enum(['province', 'commune', 'area', 'group'])
export type UnitKind = z.infer<typeof UnitKind>

/** Duties that cases are given to: `answers` takes the unit's public ones, `restricted_desk` those kept from the public. */
export const CaseDuty = z.enum(['answers', 'restricted_desk'])
export type CaseDuty = z.infer<typeof CaseDuty>

/** `approves` agrees to what officers of the unit, or below it, want to publish; `administers` may stop publishing. */
export const Duty = z.enum([...CaseDuty.options, 'approves', 'administers'])
export type Duty = z.infer<typeof Duty>
