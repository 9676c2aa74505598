import type { z } from 'zod'

const opening = `# Configuration

The program reads its environment once, at start. What is wrong is reported all together, one sentence a variable, and
nothing starts. An empty variable counts as one that is not set.

This page is written from \`config/env.ts\` by \`npm run generate\`.
`

/** The page that describes every variable, from the schema that checks it. */
export function configurationPage(env: z.ZodObject<Readonly<Record<string, z.ZodType>>>): string {
  const rows = Object.entries(env.shape).map(([name, schema]) => {
    if (schema.description === undefined) throw new Error(`${name} has no description`)
    return `| \`${name}\` | ${whenAbsent(schema)} | ${cell(schema.description)} |`
  })
  return `${opening}\n| variable | when it is not set | what it is |\n|---|---|---|\n${rows.join('\n')}\n`
}

function whenAbsent(schema: z.ZodType): string {
  const parsed = schema.safeParse(undefined)
  if (!parsed.success) return '**required**'
  return parsed.data === undefined ? '–' : `\`${cell(String(parsed.data))}\``
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}
