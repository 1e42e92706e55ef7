import { FLEXDECK_LOCAL, FLEXDECK_LOCAL_VERSION } from '../../arm/flexdeck-local.ts';
import { AlertPreviewRequest, type AlertPreview } from '../../arm/local/alert-preview.ts';
import { MYSQL_NAMESPACE } from '../../arm/resource-id.ts';
import { closedMinute } from '../alerts/evaluate.ts';
import { previewRule } from '../alerts/preview.ts';
import { criteriaOf, mannerOf, serverIdOf, timingOf } from '../alerts/rule.ts';
import { SAMPLES_KEPT_MS } from '../store/samples.ts';
import { requireMetricAlert } from './metric-alert-requirements.ts';
import { parseTimespan } from './metric-query.ts';
import { parseBody } from './parse-body.ts';
import { invalidParameter } from './refusals.ts';
import { requireServer, type Resources } from './resources.ts';
import type { ArmRequest, ArmResponse, ArmRoute } from './route.ts';

const PATH = `/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/${MYSQL_NAMESPACE}/flexibleServers/{serverName}/providers/${FLEXDECK_LOCAL}/alertPreviews`;

/** What an alert rule would have done in the past: asked for, not kept. */
export function alertPreviewRoutes(resources: Resources): ArmRoute[] {
  return [
    {
      method: 'POST',
      path: PATH,
      operationId: 'AlertPreviews_Run',
      action: `${FLEXDECK_LOCAL}/alertPreviews/read`,
      apiVersions: [FLEXDECK_LOCAL_VERSION],
      handle: (request) => preview(resources, request),
    },
  ];
}

async function preview(resources: Resources, request: ArmRequest): Promise<ArmResponse> {
  const server = requireServer(resources, request);
  const { timespan, rule } = parseBody(AlertPreviewRequest, request.body, 'AlertPreview');
  const { world } = resources.control;
  const now = world.clock.now();
  const checked = requireMetricAlert(resources, request, {
    ...rule,
    severity: 3,
    enabled: true,
    scopes: [serverIdOf(server)],
  });
  const closed = closedMinute(now, 0);
  const asked = parseTimespan(timespan ?? 'P1D', now);
  if (asked.to - asked.from > SAMPLES_KEPT_MS) {
    throw invalidParameter('timespan', 'Metrics are kept for 30 days: look at no longer a time than that.');
  }
  const span = { from: Math.min(asked.from, closed), to: Math.min(asked.to, closed) };
  const found = await previewRule(
    world.metering.samples,
    server.id,
    { criteria: criteriaOf(checked), ...timingOf(checked), manner: mannerOf(checked) },
    span,
  );
  const iso = (time: number) => new Date(time).toISOString();
  return {
    status: 200,
    body: {
      timespan: `${iso(span.from)}/${iso(span.to)}`,
      alerts: found.alerts.map(({ firedAt, resolvedAt }) => ({
        firedAt: iso(firedAt),
        resolvedAt: resolvedAt === null ? null : iso(resolvedAt),
      })),
      looks: found.looks,
      looksWithoutData: found.looksWithoutData,
    } satisfies AlertPreview,
  };
}
