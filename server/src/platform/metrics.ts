/** Figures for the operator, on /metrics in Prometheus' format. */
import {
  AggregatorRegistry,
  Counter,
  Gauge,
  Histogram,
  Registry,
  collectDefaultMetrics,
  type MetricObject,
} from 'prom-client'

/** What a process counts. */
export interface Metrics {
  httpRequest(route: string, status: number, ms: number): void
  jobRun(kind: string, outcome: 'done' | 'failed' | 'dead', ms: number): void
  handedOver(channel: string, outcome: string, count: number): void
  gauge(name: 'open_streams', value: number): void
  /** The figures of this process, to be put together with those of others by `metricsText`. */
  parts(): Promise<MetricsPart>
  readonly contentType: string
}

/** The figures of one process, as JSON carries them. */
export type MetricsPart = MetricObject[]

/** The figures of several processes as one Prometheus text; each keeps its label `role`. */
export function metricsText(parts: readonly MetricsPart[]): Promise<string> {
  return AggregatorRegistry.aggregate([...parts]).metrics()
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60]

/** The metrics of one process. */
export function createMetrics(role: string): Metrics {
  const registry = new Registry()
  registry.setDefaultLabels({ role })
  collectDefaultMetrics({ register: registry })
  const http = new Histogram({
    name: 'fanfare_http_request_seconds',
    help: 'Time to answer, by route and status',
    labelNames: ['route', 'status'],
    buckets: SECONDS,
    registers: [registry],
  })
  const job = new Histogram({
    name: 'fanfare_job_seconds',
    help: 'Time of a turn of a job, by kind and outcome',
    labelNames: ['kind', 'outcome'],
    buckets: SECONDS,
    registers: [registry],
  })
  const handover = new Counter({
    name: 'fanfare_handover_total',
    help: 'Messages by channel and outcome',
    labelNames: ['channel', 'outcome'],
    registers: [registry],
  })
  const gauges = {
    open_streams: new Gauge({
      name: 'fanfare_open_streams',
      help: 'Live connections of screens',
      registers: [registry],
    }),
  }
  return {
    httpRequest: (route, status, ms) => http.observe({ route, status: String(status) }, ms / 1_000),
    jobRun: (kind, outcome, ms) => job.observe({ kind, outcome }, ms / 1_000),
    handedOver: (channel, outcome, count) => handover.inc({ channel, outcome }, count),
    gauge: (name, value) => gauges[name].set(value),
    parts: () => registry.getMetricsAsJSON(),
    contentType: registry.contentType,
  }
}
