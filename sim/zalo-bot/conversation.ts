import { nameOf, type Place, placeKey, type World, type Writer } from './world.ts'

export type SeenMessage = {
  id: string
  at: number
  by: Writer
  name: string
  kind: string
  text: string
  media: string | null
  quote: string | null
}

/** Everything in a place, in order, as its people see it. */
export function conversation(world: World, place: Place): SeenMessage[] {
  return (world.places.get(placeKey(place)) ?? []).flatMap((id) => {
    const message = world.messages.get(id)
    if (message === undefined) return []
    const { at, by, kind, text, media, quote } = message
    return [{ id, at, by, name: nameOf(world, by), kind, text, media, quote }]
  })
}
