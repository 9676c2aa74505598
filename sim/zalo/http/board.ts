import * as z from 'zod'
import { groupNamed } from '../world/ids.ts'
import { nextMsgId, type World } from '../world/world.ts'
import type { Call, Route } from './api.ts'
import { Refusal } from './envelope.ts'
import { parsed } from './messages.ts'

const Poll = z.object({ group_id: z.string(), question: z.string().min(1), options: z.array(z.string()).min(1) })
const Note = z.object({ grid: z.string(), params: z.string(), pinAct: z.number().default(0) })

// Polls and notes are answered, not kept: they show in the log of calls only.
export const boardRoutes: Record<string, Route> = {
  'POST group/api/poll/create': (world, call) => {
    const { group_id, question, options } = parsed(Poll, call.params)
    mustBeIn(world, call, group_id)
    const shown = options.map((content, at) => ({ content, option_id: at + 1, votes: 0, voted: false, voters: [] }))
    return {
      poll_id: Number(nextMsgId(world)),
      question,
      options: shown,
      creator: call.account,
      num_vote: 0,
      closed: false,
    }
  },
  'POST group_board/api/board/topic/createv2': (world, call) => {
    const { grid, params, pinAct } = parsed(Note, call.params)
    mustBeIn(world, call, grid)
    const now = world.now()
    return { id: nextMsgId(world), type: 0, params, pinAct, creatorId: call.account, createTime: now, editTime: now }
  },
  'GET group_board/api/board/list': () => ({ items: [], count: 0 }),
}

function mustBeIn(world: World, call: Call, gid: string): void {
  if (!groupNamed(world, gid, call.account)) throw new Refusal(114)
}
