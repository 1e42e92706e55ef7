import { FLEXDECK_LOCAL, FLEXDECK_LOCAL_VERSION } from '../../arm/flexdeck-local.ts';
import type { NotificationChannel } from '../../arm/local/notification-channel.ts';
import { page } from './paging.ts';
import { requireSubscription, type Resources } from './resources.ts';
import type { ArmRoute } from './route.ts';

const TYPE = `${FLEXDECK_LOCAL}/notificationChannels`;

/** Which kinds of receivers an action group can have here: what that depends on is Flexdeck's configuration. */
export function notificationChannelRoutes(resources: Resources): ArmRoute[] {
  const { notifier } = resources.control.world;
  return [
    {
      method: 'GET',
      path: `/subscriptions/{subscriptionId}/providers/${TYPE}`,
      operationId: 'NotificationChannels_List',
      action: `${TYPE}/read`,
      apiVersions: [FLEXDECK_LOCAL_VERSION],
      handle: (request) => {
        const { id } = requireSubscription(resources, request);
        const channel = (
          name: NotificationChannel['name'],
          properties: NotificationChannel['properties'],
        ): NotificationChannel => ({
          id: `/subscriptions/${id}/providers/${TYPE}/${name}`,
          name,
          type: TYPE,
          properties,
        });
        const { webhookReach, mailProblem } = notifier;
        return {
          status: 200,
          body: page(request, [
            channel('webhook', { state: 'Available', detail: `Webhooks reach ${webhookReach}.` }),
            channel('email', {
              state: mailProblem ? 'NotConfigured' : 'Available',
              detail: mailProblem ?? 'E-mail is handed to the mail server that Flexdeck was started with.',
            }),
          ]),
        };
      },
    },
  ];
}
