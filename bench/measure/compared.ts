import { middle, type Outcome } from './blocks.ts'
import { type Figure, figure, type Goal } from './report.ts'
import { pairedRatio } from './statistics.ts'

/** What one server made of the load, against another that took turns with it. */
export function compared(
  measured: Outcome,
  limit: Outcome,
  goals: { readonly ratio?: Goal; readonly p99Ms?: Goal } = {},
): Figure[] {
  const ratio = ratioOf(measured, limit)
  const range = `${ratio.least.toFixed(2)} to ${ratio.most.toFixed(2)} over the rounds`
  return [
    figure('ratio', `stored and acknowledged, share of the limit (${range})`, ratio.median, '', goals.ratio),
    figure('perSecond', 'stored and acknowledged', middle(measured, perSecond), '/s'),
    figure('p50Ms', 'half of the answers within', middle(measured, p50), 'ms'),
    figure('p99Ms', '99 of 100 answers within', middle(measured, p99), 'ms', goals.p99Ms),
    figure('limitPerSecond', 'the limit: HMAC and JSON.parse, nothing stored', middle(limit, perSecond), '/s'),
    figure('limitP50Ms', 'the limit: half of the answers within', middle(limit, p50), 'ms'),
    figure('limitP99Ms', 'the limit: 99 of 100 answers within', middle(limit, p99), 'ms'),
    figure('senderShare', 'share of a core that sending took at the limit', middle(limit, senderShare)),
  ]
}

export function ratioOf(measured: Outcome, reference: Outcome): ReturnType<typeof pairedRatio> {
  return pairedRatio(measured.blocks.map(perSecond), reference.blocks.map(perSecond))
}

type Pick = Parameters<typeof middle>[1]
const perSecond: Pick = (load) => load.perSecond
const p50: Pick = (load) => load.p50Ms
const p99: Pick = (load) => load.p99Ms
const senderShare: Pick = (load) => load.senderShare
