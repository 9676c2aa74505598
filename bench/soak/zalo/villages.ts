import { writeSession } from '../../../bots/zalo/session.ts'
import { agree } from '../../../sim/settle.ts'
import type { Town } from '../../../sim/town.ts'
import type { ZaloSim } from '../../../sim/zalo/sim.ts'
import { type Account, findAccount, saveLogin } from '../../../src/accounts/store.ts'
import type { Db } from '../../../src/db/client.ts'
import { parseKeyRing } from '../../../src/lib/secrets.ts'
import { applySetup } from '../../../src/setup/apply.ts'
import { readSetup } from '../../../src/setup/setup-file.ts'
import { bindTo, secretKey } from '../../../test/support/town-database.ts'
import type { OfficeOnZalo } from '../observe.ts'

const COMMUNES = 3
const GROUPS_EACH = 4
const RESIDENTS_A_GROUP = 5

/** A commune with an account of its own in several residents' groups, and officers who work in a group of theirs. */
export interface Commune {
  readonly unit: string
  readonly uid: string
  readonly name: string
  readonly officersGroup: string
  readonly officers: readonly { readonly person: string; readonly name: string }[]
  readonly groups: readonly { readonly id: string; readonly residents: readonly string[] }[]
}

/** The first is the town's; all of them on the same simulated Zalo. */
export function buildCommunes(zalo: ZaloSim, town: Pick<Town, 'zalo'>): Commune[] {
  const { uid, name, officersGroup, officers } = town.zalo
  const further = Array.from({ length: COMMUNES - 1 }, (_, index) => index + 2)
  return [
    withGroups(zalo, 1, { unit: 'xa-cat-ngan', uid, name, officersGroup, officers }),
    ...further.map((number) => {
      const account = zalo.addAccount({ uid: `555000000000000000${number}`, name: `Mặt trận xã Bình Sơn ${number}` })
      const workers = [1, 2].map((nth) => {
        const person = zalo.addPerson({ id: `can-bo-${number}-${nth}`, name: `Cán bộ ${number} ${nth}` })
        return { person, name: `Cán bộ ${number} ${nth}` }
      })
      const chat = zalo.addGroup({
        id: `can-bo-${number}`,
        name: `Cán bộ MTTQ xã Bình Sơn ${number}`,
        members: workers.map(({ person }) => person),
        accounts: [account.uid],
      })
      const facts = { unit: `xa-binh-son-${number}`, uid: account.uid, name: `Mặt trận xã Bình Sơn ${number}` }
      return withGroups(zalo, number, { ...facts, officersGroup: chat.id, officers: workers })
    }),
  ]
}

function withGroups(zalo: ZaloSim, number: number, commune: Omit<Commune, 'groups'>): Commune {
  const groups = Array.from({ length: GROUPS_EACH }, (_, index) => {
    const id = `xom-${number}-${index + 1}`
    const residents = Array.from({ length: RESIDENTS_A_GROUP }, (_, nth) =>
      zalo.addPerson({ id: `${id}-${nth + 1}`, name: `Hồ Thị Mận ${number}${index + 1}${nth + 1}` }),
    )
    zalo.addGroup({ id, name: `Nhóm xóm ${number}.${index + 1}`, members: residents, accounts: [commune.uid] })
    return { id, residents }
  })
  return { ...commune, groups }
}

/** Brings the communes into the product's database: units, accounts with their sessions, and officers who are bound. */
export async function settleCommunes(
  db: Db,
  zalo: ZaloSim,
  town: Pick<Town, 'setup' | 'zalo'>,
  communes: readonly Commune[],
): Promise<void> {
  const keyRing = parseKeyRing(secretKey)
  const now = new Date()
  await applySetup(
    db,
    keyRing,
    readSetup(JSON.stringify({ ...town.setup, ...setupOf(zalo, communes, town.zalo.admin) })),
    now,
  )
  for (const { uid, officers } of communes.slice(1)) {
    const account = await logInAnew(db, zalo, uid)
    await agree(db, account, town.zalo.admin, now)
    for (const officer of officers) await bindTo(db, uid, zalo, officer, now)
  }
}

/** As a person does it who scans the code: the product finds a session that it has not seen before. */
export async function logInAnew(db: Db, zalo: ZaloSim, uid: string): Promise<Account> {
  const account = await findAccount(db, 'zalo', uid)
  if (account === null) throw new Error(`the Zalo account ${uid} is not set up`)
  const { imei, userAgent, cookie } = zalo.newCookie(uid)
  const session = writeSession({ v: 1, uid, imei, userAgent, language: 'vi', cookies: [...cookie] })
  await saveLogin(db, parseKeyRing(secretKey), account.id, session)
  return account
}

/** Who and what of all this belongs to the offices. */
export function officesOf(communes: readonly Commune[]): OfficeOnZalo {
  return {
    groups: new Set(communes.map(({ officersGroup }) => officersGroup)),
    people: new Set(communes.flatMap(({ officers }) => officers.map(({ person }) => person))),
    listeners: new Map(
      communes.flatMap(({ uid, officersGroup, groups }) =>
        [officersGroup, ...groups.map(({ id }) => id)].map((group): [string, string] => [group, uid]),
      ),
    ),
  }
}

function setupOf(zalo: ZaloSim, communes: readonly Commune[], admin: string): object {
  const province = { code: 'tinh-nghe-an', name: 'Tỉnh Nghệ An', kind: 'province', signature: 'Ủy ban MTTQ tỉnh' }
  return {
    units: [
      province,
      ...communes.map(({ unit, name }) => ({
        code: unit,
        name,
        kind: 'commune',
        parent: province.code,
        signature: `Ủy ban ${name}`,
      })),
    ],
    officers: [
      { name: admin, duties: [{ unit: province.code, duty: 'administers' }] },
      ...communes.flatMap(({ unit, officers }) =>
        officers.map(({ name }) => ({ name, duties: [{ unit, duty: 'answers' }] })),
      ),
    ],
    accounts: communes.map(({ unit, uid, name, officersGroup, groups }) => ({
      platform: 'zalo',
      id: uid,
      name,
      unit,
      mode: 'publish',
      groups: [
        { id: zalo.groupIdFor(officersGroup, uid), name: `Cán bộ ${unit}`, unit, audience: 'officers' },
        ...groups.map(({ id }) => ({
          id: zalo.groupIdFor(id, uid),
          name: `Nhóm ${id}`,
          unit,
          audience: 'residents',
        })),
      ],
    })),
  }
}
