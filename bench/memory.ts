import { setTimeout as wait } from 'node:timers/promises'
import { pgDataOf } from '../src/db/data-dir.ts'
import { runningServer } from '../src/db/embedded-postmaster.ts'
import type { Bench } from './measure/bench.ts'
import { type Office, openOffice } from './measure/office.ts'
import { familyOf, pssMib } from './measure/processes.ts'
import { figure } from './measure/report.ts'
import { onFacebook, onZalo, type Sighting } from './measure/sight.ts'

/** What the product takes of the machine's memory once it has worked. */
export const memory: Bench = {
  name: 'memory',
  run: async (room) => {
    const office = await openOffice(room, { pace: 1 })
    room.say('three questions, each answered; then idle')
    await comment(office)
    await messenger(office)
    await residentsGroup(office)
    await wait(room.quick ? 5_000 : 60_000)

    const server = await runningServer(pgDataOf(office.dataDir))
    const database = server === null ? [] : await familyOf(server.pid)
    const program = (await familyOf(office.pid)).filter((pid) => !database.includes(pid))
    const [ours, postgres] = [await pssMib(program), await pssMib(database)]
    const all = ours === null || postgres === null ? null : ours + postgres
    return {
      figures: [
        figure('pssMib', 'program and PostgreSQL together', all, 'MiB', { below: 400 }),
        figure('programMib', 'the program', ours, 'MiB'),
        figure('postgresMib', `PostgreSQL, ${database.length} processes`, postgres, 'MiB'),
      ],
      notes:
        all === null
          ? ['needs /proc of Linux, and the right to read smaps_rollup of these processes']
          : ['proportional set size: memory that processes share counts once'],
    }
  },
}

async function comment(office: Office): Promise<void> {
  const { facebook, town } = office
  const card = cardAbout(office, 'tách hộ khẩu')
  const commentId = facebook.comment({
    pageId: town.pageId,
    postId: town.postId,
    author: { id: '24000000000000001', name: 'Nguyễn Văn Gia' },
    text: 'Cho hỏi thủ tục tách hộ khẩu cần giấy tờ gì ạ?',
  })
  const shown = onFacebook(office, 'the answer is under the comment', ({ place, text }) => {
    return place === commentId && text.includes('CT01')
  })
  await answer(office, await card, 'Cần CCCD và tờ khai CT01.', shown)
}

async function messenger(office: Office): Promise<void> {
  const { facebook, town } = office
  const card = cardAbout(office, 'trợ cấp người có công')
  const psid = '9000000000000001'
  facebook.message({
    pageId: town.pageId,
    psid,
    name: 'Võ Thị Mai',
    text: 'Cho hỏi khi nào chi trả trợ cấp người có công?',
  })
  const shown = onFacebook(office, 'the answer is in Messenger', ({ place, text }) => {
    return place === psid && text.includes('ngày 10')
  })
  await answer(office, await card, 'Chi trả ngày 10 hằng tháng tại nhà văn hóa.', shown)
}

async function residentsGroup(office: Office): Promise<void> {
  const { zalo, town } = office
  const card = cardAbout(office, 'thu gom rác')
  zalo.say({
    group: town.zalo.residentsGroup,
    person: 'lan',
    text: '#hoi Lịch thu gom rác xóm mình là ngày nào ạ?',
  })
  const shown = onZalo(office, 'the answer is in the residents’ group', ({ place, text }) => {
    return place === town.zalo.residentsGroup && text.includes('thứ sáu')
  })
  await answer(office, await card, 'Thứ ba và thứ sáu hằng tuần.', shown)
}

function cardAbout(office: Office, words: string): Promise<Sighting> {
  return onZalo(office, `the card about “${words}” is in the officers’ chat`, ({ place, text }) => {
    return place === office.town.zalo.officersGroup && text.includes('mới · DH-') && text.includes(words)
  })
}

async function answer({ zalo, town }: Office, card: Sighting, text: string, shown: Promise<Sighting>): Promise<void> {
  zalo.say({ group: town.zalo.officersGroup, person: 'hoa', text, quote: card.id })
  await shown
}
