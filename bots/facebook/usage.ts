import { z } from 'zod'

/** The headers in which Graph tells how much of its patience is used up; they come with successes too. */
export interface UsageHeaders {
  readonly app: string | null
  readonly businessUseCase: string | null
  readonly page: string | null
}

export function usageHeaders(headers: unknown): UsageHeaders {
  const all: [string, unknown][] = typeof headers === 'object' && headers !== null ? Object.entries(headers) : []
  const named = (name: string): string | null => {
    const value = all.find(([key]) => key.toLowerCase() === name)?.[1]
    return typeof value === 'string' ? value : null
  }
  return {
    app: named('x-app-usage'),
    businessUseCase: named('x-business-use-case-usage'),
    page: named('x-page-usage'),
  }
}

const Percent = z.coerce.number().catch(0)
const Percents = z.object({ call_count: Percent, total_time: Percent, total_cputime: Percent })
const UseCases = z.record(
  z.string(),
  z.array(z.object({ ...Percents.shape, estimated_time_to_regain_access: Percent })).catch([]),
)

export interface Usage {
  /** The highest of all percentages. */
  readonly percent: number
  /** How long Graph says it will refuse, 0 when it says nothing. */
  readonly regainMs: number
}

/** Reads the headers defensively: one that cannot be read counts as absent. */
export function usageOf({ app, businessUseCase, page }: UsageHeaders): Usage {
  const useCases = Object.values(UseCases.safeParse(parseJson(businessUseCase)).data ?? {}).flat()
  const plain = [app, page].flatMap((header) => Percents.safeParse(parseJson(header)).data ?? [])
  const percents = [...useCases, ...plain].flatMap((one) => [one.call_count, one.total_time, one.total_cputime])
  const minutes = useCases.map((one) => one.estimated_time_to_regain_access)
  return { percent: Math.max(0, ...percents), regainMs: Math.max(0, ...minutes) * 60_000 }
}

/** When a throttled Page may call again. Zero or nothing said still needs the floor: calls made too early prolong it. */
export function waitUntil(headers: UsageHeaders, now: Date, floorMs: number): number {
  return now.getTime() + Math.max(floorMs, usageOf(headers).regainMs)
}

function parseJson(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return null
  }
}
