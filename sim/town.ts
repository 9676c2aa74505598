import type { FacebookSim } from './facebook/simulator.ts'
import type { ZaloSim } from './zalo/sim.ts'

/** Secrets of the simulated platforms; they open nothing anywhere else. */
export const simulatedApp = {
  appId: '330000000000001',
  appSecret: 'simulated-app-secret',
  verifyToken: 'simulated-verify-token',
}

const page = { id: '100000000000101', name: 'Mặt trận Tổ quốc xã Cát Ngạn', token: 'SIMULATED-PAGE-TOKEN' }

/** Agrees to the use of the province's Zalo accounts; has no part in the stories. */
const admin = { name: 'Hồ Sỹ Nam', duties: [{ unit: 'tinh-nghe-an', duty: 'administers' }] }

/** Somebody with a phone, by the id that the simulator gives people. */
interface Neighbour {
  readonly person: string
  readonly name: string
}

export interface TownPage {
  readonly id: string
  readonly name: string
  readonly token: string
  /** The post under which it invites questions. */
  readonly postId: string
}

export interface Town {
  readonly pageId: string
  readonly pageToken: string
  readonly postId: string
  /** All of the town's Pages; the one above is the first. */
  readonly pages: readonly TownPage[]
  readonly zalo: {
    readonly uid: string
    readonly name: string
    readonly credentials: ReturnType<ZaloSim['addAccount']>['credentials']
    /** Ids as the simulator knows them. */
    readonly residentsGroup: string
    readonly officersGroup: string
    readonly residents: readonly Neighbour[]
    readonly officers: readonly Neighbour[]
    readonly deskOfficer: Neighbour
    /** The name of who answers for the use of such accounts. */
    readonly admin: string
  }
  /** The same town in the words of an operator's setup file. */
  readonly setup: object
}

/**
 * A commune of Nghệ An with its Page, its residents' group and its officers, on both simulated platforms. Every id is
 * given, so where the town stands already this only finds it again.
 */
export function buildTown(facebook: FacebookSim, zalo: ZaloSim, pageCount = 1): Town {
  const first = openPage(facebook, page)
  const further = Array.from({ length: pageCount - 1 }, (_, n) => openPage(facebook, furtherPage(n + 2)))

  const accountName = 'Mặt trận xã Cát Ngạn'
  const account = zalo.addAccount({ uid: '5550000000000000001', name: accountName })
  const person = (id: string, name: string): Neighbour => ({ person: zalo.addPerson({ id, name }), name })
  const officers = [person('hoa', 'Phan Thị Hoa'), person('tam', 'Lê Văn Tâm')]
  const deskOfficer = person('quang', 'Trần Đình Quang')
  const residents = [person('lan', 'Nguyễn Thị Lan'), person('binh', 'Võ Văn Bình')]
  const officersGroup = zalo.addGroup({
    id: 'can-bo',
    name: 'Cán bộ MTTQ xã Cát Ngạn',
    members: officers.map((officer) => officer.person),
    accounts: [account.uid],
  }).id
  const residentsGroup = zalo.addGroup({
    id: 'minh-son',
    name: 'Nhóm xóm Minh Sơn',
    members: residents.map((resident) => resident.person),
    accounts: [account.uid],
  }).id

  return {
    pageId: page.id,
    pageToken: page.token,
    postId: first.postId,
    pages: [first, ...further],
    zalo: {
      uid: account.uid,
      name: accountName,
      credentials: account.credentials,
      residentsGroup,
      officersGroup,
      residents,
      officers,
      deskOfficer,
      admin: admin.name,
    },
    setup: {
      units: [
        {
          code: 'tinh-nghe-an',
          name: 'Tỉnh Nghệ An',
          kind: 'province',
          signature: 'Ủy ban MTTQ Việt Nam tỉnh Nghệ An',
        },
        {
          code: 'xa-cat-ngan',
          name: 'Xã Cát Ngạn',
          kind: 'commune',
          parent: 'tinh-nghe-an',
          signature: 'Ủy ban MTTQ Việt Nam xã Cát Ngạn',
        },
        {
          code: 'xom-minh-son',
          name: 'Xóm Minh Sơn',
          kind: 'area',
          parent: 'xa-cat-ngan',
          signature: 'Ủy ban MTTQ Việt Nam xã Cát Ngạn',
        },
      ],
      officers: [
        ...officers.map(({ name }) => ({ name, duties: [{ unit: 'xa-cat-ngan', duty: 'answers' }] })),
        { name: deskOfficer.name, duties: [{ unit: 'tinh-nghe-an', duty: 'restricted_desk' }] },
        admin,
      ],
      accounts: [
        ...[first, ...further].map(({ id, name }) => ({
          platform: 'facebook',
          id,
          name,
          unit: 'xa-cat-ngan',
          mode: 'publish',
        })),
        {
          platform: 'zalo',
          id: account.uid,
          name: accountName,
          unit: 'xa-cat-ngan',
          mode: 'publish',
          groups: [
            {
              id: zalo.groupIdFor(officersGroup, account.uid),
              name: 'Cán bộ MTTQ xã Cát Ngạn',
              unit: 'xa-cat-ngan',
              audience: 'officers',
            },
            {
              id: zalo.groupIdFor(residentsGroup, account.uid),
              name: 'Nhóm xóm Minh Sơn',
              unit: 'xa-cat-ngan',
              audience: 'residents',
            },
          ],
        },
      ],
      rules: [
        { name: 'Câu hỏi trong nhóm xóm', when: { places: ['group'] }, assign: { duty: 'answers' } },
        {
          name: 'Câu hỏi về thủ tục',
          when: { kinds: ['question'], words: ['thủ tục', 'giấy tờ', 'hộ khẩu', 'khai sinh'] },
          assign: { duty: 'answers' },
        },
      ],
    },
  }
}

/** Of an area or an association of the commune, which has a Page of its own. */
function furtherPage(number: number): Omit<TownPage, 'postId'> {
  return {
    id: String(100_000_000_010_000 + number),
    name: `Chi hội ${number}`,
    token: `SIMULATED-PAGE-TOKEN-${number}`,
  }
}

function openPage(facebook: FacebookSim, opened: Omit<TownPage, 'postId'>): TownPage {
  facebook.addPage(opened)
  const postId = facebook.addPost(opened.id, {
    id: `${opened.id}_100000000000201`,
    text: 'Chuyên mục “Dân hỏi – Mặt trận trả lời”: bà con có điều gì chưa rõ về thủ tục, chính sách, đời sống ở xã, xin viết ngay dưới bài này. Mặt trận sẽ chuyển tới nơi có trách nhiệm và đăng câu trả lời công khai tại đây.',
  })
  return { ...opened, postId }
}
