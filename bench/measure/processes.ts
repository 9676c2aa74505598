import { readdir, readFile } from 'node:fs/promises'

/** The process and everything below it, as /proc knows them; empty where there is no /proc. */
export async function familyOf(pid: number): Promise<number[]> {
  const parents = new Map<number, number>()
  for (const name of await readdir('/proc').catch(() => [])) {
    if (!/^\d+$/.test(name)) continue
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '') // it may just have ended
    const parent = /\) \S (\d+)/.exec(stat)?.[1]
    if (parent !== undefined) parents.set(Number(name), Number(parent))
  }
  const family = parents.has(pid) ? [pid] : []
  for (const member of family) for (const [child, parent] of parents) if (parent === member) family.push(child)
  return family
}

/** Proportional set size in MiB: what is shared by several processes counts once in their sum. Null: it may not be read. */
export async function pssMib(pids: readonly number[]): Promise<number | null> {
  let kib = 0
  for (const pid of pids) {
    const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => null)
    const pss = rollup === null ? undefined : /^Pss:\s+(\d+) kB/m.exec(rollup)?.[1]
    if (pss === undefined) return null
    kib += Number(pss)
  }
  return pids.length === 0 ? null : kib / 1024
}
