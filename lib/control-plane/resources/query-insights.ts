import { ArmError } from '../../arm/error.ts';
import { FLEXDECK_LOCAL, FLEXDECK_LOCAL_VERSION } from '../../arm/flexdeck-local.ts';
import {
  STATEMENT_ORDERS,
  type IndexAdvice,
  type IndexAdviceList,
  type StatementCosts,
  type StatementDetail,
  type StatementOrder,
  type StatementPlan,
  type TopStatement,
  type TopStatements,
} from '../../arm/local/query-insights.ts';
import { indexCandidate } from '../../rules/index-candidates.ts';
import {
  addIndexStatement,
  dropIndexStatement,
  readIndexedColumns,
  readIndexFacts,
  type IndexFacts,
} from '../mysql/index-advice.ts';
import type { Connection } from '../mysql/client.ts';
import { maskLiterals, maskPlan } from '../mysql/mask-literals.ts';
import { readSample, type StatementCounters } from '../mysql/statement-statistics.ts';
import type { ServerRow } from '../store/servers.ts';
import { findStatement, HOURS_KEPT_MS, type StatementSpan, type StatementSum } from '../store/statements.ts';
import { childNotFound, invalidParameter } from './refusals.ts';
import type { Resources } from './resources.ts';
import type { ArmRequest, ArmRoute } from './route.ts';
import { serverRoute } from './server-routes.ts';
import { ONE_SERVER } from './servers.ts';

const LOCAL = `${ONE_SERVER}/providers/${FLEXDECK_LOCAL}`;
const STATEMENTS = `${FLEXDECK_LOCAL}/queryStatements`;
const HOUR = 60 * 60_000;
const MOST_TOP = 100;
/** A statement that reads this many rows for each that it returns could do with an index. */
const WASTE = 20;
const LEAST_EXAMINED = 1000;
const MOST_ADVICE = 20;

/** What a server's statements cost: the top ones, each by itself, how it would be run, and which indexes would help. */
export function queryInsightsRoutes(resources: Resources): ArmRoute[] {
  const { dataPlane } = resources;
  const { metering, clock } = resources.control.world;
  const local = serverRoute(resources, FLEXDECK_LOCAL, [FLEXDECK_LOCAL_VERSION]);
  const route = (
    method: 'GET' | 'POST',
    path: string,
    operationId: string,
    permission: string,
    answer: (request: ArmRequest, server: ServerRow) => Promise<unknown>,
  ): ArmRoute =>
    local(method, `${LOCAL}/${path}`, operationId, permission, async (request, server) => ({
      status: 200,
      body: await answer(request, server),
    }));

  return [
    route(
      'GET',
      'queryStatements',
      'QueryStatements_List',
      'queryStatements/read',
      async (request, server): Promise<TopStatements> => {
        const span = spanOf(request, server, clock.now());
        const order = orderOf(request);
        const top = topOf(request);
        const { sums, trend, waits } = await metering.series.statements(span);
        const named = sums.filter(({ id }) => id !== 0).sort((one, other) => weight(other, order) - weight(one, order));
        return {
          value: named.slice(0, top).map(armStatement),
          total: costs(sumOf(sums)),
          trend: trend.points.map(trendPoint),
          interval: intervalOf(trend.stepMs),
          waits: waits.map(({ kind, count, time }) => ({
            kind,
            count,
            totalSeconds: time / 1e6,
          })),
        };
      },
    ),
    route(
      'GET',
      'queryStatements/{statementId}',
      'QueryStatements_Get',
      'queryStatements/read',
      async (request, server): Promise<StatementDetail> => {
        const span = spanOf(request, server, clock.now());
        const statement = requireStatement(resources, request, server);
        const { sums, trend } = await metering.series.statements(span, statement.id);
        const sum = sums.find(({ id }) => id === statement.id);
        // A server that is stopped remembers no sample; what was measured is there all the same.
        const sample = await dataPlane
          .ask(server, (connection) => readSample(connection, statement))
          .catch((failure) => {
            if (failure instanceof ArmError) return undefined;
            throw failure;
          });
        return {
          ...armStatement(sum ?? { ...statement, counters: NOTHING }),
          trend: trend.points.map(trendPoint),
          interval: intervalOf(trend.stepMs),
          ...(sample && { sample: { text: maskLiterals(sample.text), time: sample.at.toISOString() } }),
        };
      },
    ),
    route(
      'POST',
      'queryStatements/{statementId}/explain',
      'QueryStatements_Explain',
      'queryStatements/explain/action',
      async (request, server): Promise<StatementPlan> => {
        const statement = requireStatement(resources, request, server);
        const sample = await dataPlane.ask(server, (connection) => readSample(connection, statement));
        if (!sample) {
          throw new ArmError(
            'StatementNotExplained',
            409,
            'The server remembers no run of this statement since it was started, so there is nothing to explain.',
          );
        }
        const plan = await dataPlane.explain(server, { statement: sample.text, schema: statement.schema });
        return { plan: maskPlan(plan), explained: maskLiterals(sample.text) };
      },
    ),
    route(
      'GET',
      'indexAdvice',
      'IndexAdvice_List',
      'indexAdvice/read',
      async (request, server): Promise<IndexAdviceList> => {
        const now = clock.now();
        const { sums } = await metering.series.statements(spanOf(request, server, now));
        return dataPlane.ask(server, async (connection) => {
          const facts = await readIndexFacts(connection);
          return {
            value: [...(await missingIndexes(connection, sums)), ...needlessIndexes(facts)],
            countedSince: new Date(now - facts.uptimeSeconds * 1000).toISOString(),
          };
        });
      },
    ),
  ];
}

/** @throws {ArmError} InvalidParameterValue 400. */
function spanOf(request: ArmRequest, server: ServerRow, now: number): StatementSpan {
  const read = (name: string, fallback: number): number => {
    const text = request.query[name];
    if (text === undefined) return fallback;
    const time = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN;
    if (Number.isNaN(time))
      throw invalidParameter(name, `The value '${text}' of ${name} is no time like 2026-01-31T12:00:00Z.`);
    return time;
  };
  const to = read('to', now);
  const from = read('from', to - HOUR);
  if (from >= to) throw invalidParameter('from', 'The time span must begin before it ends.');
  if (to - from > HOURS_KEPT_MS + HOUR) throw invalidParameter('from', 'The time span can be 30 days at most.');
  return { serverId: server.id, from, to };
}

function orderOf({ query }: ArmRequest): StatementOrder {
  const wanted = query['orderBy'] ?? 'totalTime';
  const order = STATEMENT_ORDERS.find((each) => each.toLowerCase() === wanted.toLowerCase());
  if (!order) throw invalidParameter('orderBy', `orderBy must be one of: ${STATEMENT_ORDERS.join(', ')}.`);
  return order;
}

function topOf({ query }: ArmRequest): number {
  const text = query['top'] ?? '50';
  if (!/^[1-9]\d{0,2}$/.test(text) || Number(text) > MOST_TOP) {
    throw invalidParameter('top', `top must be a whole number from 1 to ${MOST_TOP}.`);
  }
  return Number(text);
}

function requireStatement({ control }: Resources, request: ArmRequest, server: ServerRow) {
  const id = request.params['statementId']!;
  const found = /^[1-9]\d{0,9}$/.test(id)
    ? findStatement(control.world.metering.samples, server.id, Number(id))
    : undefined;
  if (!found) throw childNotFound(STATEMENTS, id);
  return found;
}

const NOTHING: StatementCounters = {
  count: 0,
  time: 0,
  lockTime: 0,
  errors: 0,
  rowsSent: 0,
  rowsExamined: 0,
  rowsAffected: 0,
  noIndex: 0,
  diskTables: 0,
};

function sumOf(sums: readonly StatementSum[]): StatementCounters {
  const total = { ...NOTHING };
  for (const { counters } of sums) {
    for (const name of Object.keys(total) as (keyof StatementCounters)[]) total[name] += counters[name];
  }
  return total;
}

function weight({ counters }: StatementSum, order: StatementOrder): number {
  switch (order) {
    case 'totalTime':
      return counters.time;
    case 'averageTime':
      return counters.time / counters.count;
    case 'count':
      return counters.count;
    case 'rowsExamined':
      return counters.rowsExamined;
    case 'errors':
      return counters.errors;
    case 'noIndex':
      return counters.noIndex;
  }
}

function costs(counters: StatementCounters): StatementCosts {
  return {
    count: counters.count,
    totalSeconds: counters.time / 1e6,
    averageSeconds: counters.count > 0 ? counters.time / counters.count / 1e6 : 0,
    lockSeconds: counters.lockTime / 1e6,
    errors: counters.errors,
    rowsSent: counters.rowsSent,
    rowsExamined: counters.rowsExamined,
    rowsAffected: counters.rowsAffected,
    noIndexCount: counters.noIndex,
    diskTables: counters.diskTables,
  };
}

function armStatement({ id, schema, text, counters }: StatementSum): TopStatement {
  return { id: String(id), database: schema, text, costs: costs(counters) };
}

function trendPoint({ at, counters }: { at: number; counters: StatementCounters }) {
  return {
    time: new Date(at).toISOString(),
    count: counters.count,
    totalSeconds: counters.time / 1e6,
    rowsExamined: counters.rowsExamined,
    errors: counters.errors,
  };
}

function intervalOf(stepMs: number): string {
  return stepMs === HOUR ? 'PT1H' : 'PT1M';
}

type IndexName = Pick<IndexFacts['unused'][number], 'database' | 'table' | 'index'>;

/** Statements that read far more rows than they return, without an index, with the one that would help where that can be told. */
async function missingIndexes(connection: Connection, sums: readonly StatementSum[]): Promise<IndexAdvice[]> {
  const wasteful = sums
    .filter(
      ({ id, schema, counters: { noIndex, rowsExamined, rowsSent, rowsAffected } }) =>
        id !== 0 &&
        !['mysql', 'sys', 'information_schema', 'performance_schema'].includes(schema) &&
        noIndex > 0 &&
        rowsExamined >= LEAST_EXAMINED &&
        rowsExamined >= WASTE * Math.max(1, rowsSent + rowsAffected),
    )
    .sort((one, other) => other.counters.rowsExamined - one.counters.rowsExamined)
    .slice(0, MOST_ADVICE);
  const advice: IndexAdvice[] = [];
  for (const { id, schema, text, counters } of wasteful) {
    const candidate = indexCandidate(text, schema);
    if (!candidate) continue;
    const known = await readIndexedColumns(connection, candidate);
    const columns = candidate.columns.filter((column) => known?.has(column.toLowerCase()));
    // One that begins with such a column is there: then MySQL had its reasons.
    if (columns.length === 0 || columns.some((column) => known!.get(column.toLowerCase()))) continue;
    const { count, rowsExamined, rowsSent, rowsAffected, noIndex, time } = counters;
    advice.push({
      kind: 'missing',
      database: candidate.database,
      table: candidate.table,
      evidence:
        `${rowsExamined.toLocaleString('en')} rows read for ${(rowsSent + rowsAffected).toLocaleString('en')} used, ` +
        `in ${count.toLocaleString('en')} runs that took ${(time / 1e6).toFixed(2)} s; ` +
        `${noIndex.toLocaleString('en')} of them without an index.`,
      statement: addIndexStatement(candidate, columns),
      statementId: String(id),
    });
  }
  return advice;
}

function isSame(one: IndexName, other: IndexName): boolean {
  return one.database === other.database && one.table === other.table && one.index === other.index;
}

function sizeWords(bytes: number): string {
  return bytes > 0 ? ` It takes ${Math.ceil(bytes / 1024).toLocaleString('en')} KiB.` : '';
}

function needlessIndexes({ unused, redundant }: IndexFacts): IndexAdvice[] {
  return [
    ...redundant.map((index): IndexAdvice => ({
      kind: 'redundant',
      database: index.database,
      table: index.table,
      index: index.index,
      evidence: `Its columns (${index.columns}) are the first of ${index.dominant} (${index.dominantColumns}).`,
      statement: dropIndexStatement(index),
    })),
    ...unused
      .filter((index) => !redundant.some((other) => isSame(index, other)))
      .map((index): IndexAdvice => ({
        kind: 'unused',
        database: index.database,
        table: index.table,
        index: index.index,
        evidence: `Nothing has read it since the server was started.${sizeWords(index.sizeBytes)}`,
        statement: dropIndexStatement(index),
      })),
  ];
}
