import { readdirSync, readFileSync } from 'node:fs'
import { GroupMessage, Reaction, Undo, UserMessage } from 'zca-js'
import { z } from 'zod'
import type { RawDelivery } from '../../../bots/bot.ts'
import type { InboundEvent, NormalisedWithNews } from '../../../src/intake/event.ts'

export const botUid = '5550000000000000001'

const Fixture = z.object({
  what: z.string(),
  body: z.object({ header: z.object({ cmd: z.number(), subCmd: z.number() }), wire_text: z.string() }),
})
export type Fixture = z.infer<typeof Fixture>

const folder = new URL('../../fixtures/zalo/', import.meta.url)

/** A captured frame: its command and its text, in which ids of 19 digits are bare numbers. */
export function fixture(name: string): Fixture {
  return Fixture.parse(JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')))
}

export function fixtureNames(): string[] {
  return readdirSync(folder).map((file) => file.replace('.json', ''))
}

/** A delivery as the listener writes it. */
export function delivery(event: string, data: unknown, account: string | null = botUid): RawDelivery {
  return { accountExternalId: account, body: Buffer.from(JSON.stringify({ v: 1, event, data })) }
}

/** The first entry of a normalised delivery, which must be an event. */
export function onlyEvent(items: NormalisedWithNews): InboundEvent {
  const [item] = items
  if (items.length !== 1 || item === undefined || item.kind === 'ignored' || item.kind === 'group_news') {
    throw new Error(`expected one event, got ${JSON.stringify(items)}`)
  }
  return item
}

const WireMessages = z.object({
  data: z.object({
    msgs: z.array(z.looseObject({})).default([]),
    groupMsgs: z.array(z.looseObject({})).default([]),
    reactGroups: z.array(z.looseObject({ content: z.string() })).default([]),
  }),
})

/** What the listener would write down of a captured frame, made by zca-js's own classes. */
export function deliveriesOf({ body: { header, wire_text } }: Fixture): RawDelivery[] {
  // json-bigint keeps integers of more than 15 digits whole; they become strings when written down
  const { data } = WireMessages.parse(JSON.parse(wire_text.replace(/:(\d{16,})/g, ':"$1"')))
  const isUndo = (item: object): boolean => 'content' in item && Object.hasOwn(Object(item.content), 'deleteMsg')
  const group = (item: object): object => Reflect.construct(GroupMessage, [botUid, item])
  const user = (item: object): object => Reflect.construct(UserMessage, [botUid, item])
  const undo = (item: object, isGroup: boolean): object => Reflect.construct(Undo, [botUid, item, isGroup])
  switch (header.cmd) {
    case 501:
      return data.msgs.map((m) => (isUndo(m) ? delivery('undo', undo(m, false)) : delivery('message', user(m))))
    case 521:
      return data.groupMsgs.map((m) => (isUndo(m) ? delivery('undo', undo(m, true)) : delivery('message', group(m))))
    case 510:
      return [delivery('old_messages', data.msgs.map(user))]
    case 511:
      return [delivery('old_messages', data.groupMsgs.map(group))]
    case 612:
      return data.reactGroups.map((r) =>
        delivery('reaction', Reflect.construct(Reaction, [botUid, { ...r, content: JSON.parse(r.content) }, true])),
      )
    default:
      return []
  }
}
