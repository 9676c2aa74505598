import { z } from 'zod'

/** A unit's stable, readable name in configuration, e.g. "xa-cat-ngan". */
export const UnitCode = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected a unit code like "xa-cat-ngan"')
export type UnitCode = z.infer<typeof UnitCode>

export const UnitKind = z.enum(['province', 'commune', 'area', 'group'])
export type UnitKind = z.infer<typeof UnitKind>

/** `answers` takes the unit's public cases; `restricted_desk` those that are kept from the public. */
export const Duty = z.enum(['answers', 'restricted_desk'])
export type Duty = z.infer<typeof Duty>
