/** One step of a Dockerfile, such as `COPY` with `config ./config`. */
export interface Instruction {
  readonly keyword: string
  readonly rest: string
}

export interface Stage {
  readonly name: string | null
  readonly base: string
  readonly instructions: readonly Instruction[]
}

/** The stages of a Dockerfile, in order; the last one is the image. */
export function readDockerfile(text: string): Stage[] {
  const stages: { name: string | null; base: string; instructions: Instruction[] }[] = []
  for (const { keyword, rest } of readInstructions(text)) {
    if (keyword !== 'FROM') {
      const stage = stages.at(-1)
      if (stage === undefined) throw new Error(`expected FROM before ${keyword}`)
      stage.instructions.push({ keyword, rest })
      continue
    }
    const [base = '', , name = null] = rest.split(/\s+/)
    stages.push({ name, base, instructions: [] })
  }
  return stages
}

/** What the image starts, as a list of words; Docker's form with a shell is not used here. */
export function wordsOf(json: string): string[] {
  const words: unknown = JSON.parse(json)
  if (Array.isArray(words) && words.every((word) => typeof word === 'string')) return words
  throw new Error(`expected a list of words such as ["node", "src/main.ts"], got ${json}`)
}

/** `--from=packages` and the like, and what comes after them. */
export function flagsOf(rest: string): { flags: ReadonlyMap<string, string>; words: string[]; after: string } {
  const flags = new Map<string, string>()
  let after = rest
  for (let flag = /^--([a-z-]+)=(\S+)\s+/.exec(after); flag !== null; flag = /^--([a-z-]+)=(\S+)\s+/.exec(after)) {
    flags.set(flag[1] ?? '', flag[2] ?? '')
    after = after.slice(flag[0].length)
  }
  return { flags, words: after.split(/\s+/), after }
}

function readInstructions(text: string): Instruction[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.trimStart().startsWith('#'))
  const joined = lines.join('\n').replace(/\\\n\s*/g, '')
  return joined.split('\n').map((line) => {
    const [, keyword = '', rest = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? []
    if (keyword === '') throw new Error(`expected a step of a Dockerfile, got "${line}"`)
    return { keyword, rest }
  })
}
