import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { addAccount, addEvent, addGroup, addUnit, now } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'
import { databaseUrl } from '../support/database-url.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const { db, connection } = await testDatabase()
const folder = await mkdtemp(join(tmpdir(), 'danhoi-groups-'))
afterAll(() => rm(folder, { recursive: true }))

it('the groups of an account are listed with how they are listened to and how they stand', async () => {
  const unitId = await addUnit(db, { code: 'xa-cat-ngan' })
  const account = await addAccount(db, { platform: 'zalo', externalId: '555', unitId })
  const keywords = ['mất nước', '#điện']
  await addGroup(db, account, { externalId: '71', name: 'Nhóm xóm A', unitId, listen: 'keyword', keywords })
  await addGroup(db, account, { externalId: '72', name: 'Nhóm xóm B', unitId, listen: 'on_forward' })
  await addGroup(db, account, { externalId: '73', name: 'Cán bộ', unitId, audience: 'officers' })
  await db
    .updateTable('groups')
    .set({ standing: 'locked', standingSince: now, membersHiddenSince: now })
    .where('externalId', '=', '72')
    .execute()
  await addEvent(db, account, { place: { kind: 'group', id: '79' }, outcome: 'unknown_group', occurredAt: now })
  const env = { PATH: process.env.PATH, DATA_DIR: folder, DATABASE_URL: databaseUrl(connection) }
  const SECRET_KEY = Buffer.alloc(32, 7).toString('base64')

  const child = spawn(process.execPath, ['src/cli.ts', 'zalo', 'groups'], { cwd: root, env: { ...env, SECRET_KEY } })
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])

  expect(errors).toBe('')
  expect(output.trim().split('\n')).toEqual([
    'tài khoản 555  nhóm 73  “Cán bộ” (xa-cat-ngan)  nhóm cán bộ  đang hoạt động',
    'tài khoản 555  nhóm 71  “Nhóm xóm A” (xa-cat-ngan)  keyword: mất nước, #điện  đang hoạt động',
    'tài khoản 555  nhóm 72  “Nhóm xóm B” (xa-cat-ngan)  on_forward  ĐANG KHÓA gửi tin từ 09:00 ngày 02/03/2026, ẩn danh sách thành viên',
    'chưa khai báo: tài khoản 555  nhóm 79  1 tin, gần nhất 09:00 ngày 02/03/2026',
  ])
})
