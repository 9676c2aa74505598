import { beforeEach, describe, expect, inject, it, onTestFinished } from 'vitest'
import { openPool } from '../../src/db/client.ts'

describe('a connection that is lost', () => {
  let heard: Error[]
  const lost = new Error('terminating connection due to administrator command')
  const open = () => openPool(inject('testServer'), 'public', 1, (error) => heard.push(error))
  beforeEach(() => {
    heard = []
  })

  it('is told while the pool is in use', async () => {
    const pool = open()
    onTestFinished(() => pool.end())

    pool.emit('error', lost)

    expect(heard).toEqual([lost])
  })

  it('is nothing to tell once the pool is being closed', async () => {
    const pool = open()
    await pool.end()

    pool.emit('error', lost)

    expect(heard).toEqual([])
  })
})
