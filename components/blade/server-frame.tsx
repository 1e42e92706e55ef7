'use client';

import {
  BellRing,
  Cable,
  ChartLine,
  Cpu,
  Database,
  FileText,
  Gauge,
  Globe,
  Info,
  LockKeyhole,
  ScrollText,
  Server,
  ShieldCheck,
  SlidersHorizontal,
  Stethoscope,
  Tag,
  Wrench,
} from 'lucide-react';
import type { ReactNode } from 'react';
import type { ServerKey } from '@/lib/arm/resource-id';
import { paths } from '@/lib/paths';
import { useFlexdeckLocal } from '@/lib/queries/flexdeck-local';
import { ResourceFrame, type ResourceMenuGroup } from './resource-menu';

/**
 * The blades that exist, in the order and groups that people know from Azure. A new blade is a new row here.
 *
 * @param hasLocalParts whether the cloud has what Azure has no API for.
 */
export function serverMenu(server: ServerKey, hasLocalParts: boolean): ResourceMenuGroup[] {
  return [
    {
      items: [
        { label: 'Overview', icon: Server, href: paths.server(server, 'overview') },
        { label: 'Activity log', icon: ScrollText, href: paths.server(server, 'activity-log') },
        { label: 'Tags', icon: Tag, href: paths.server(server, 'tags') },
        { label: 'Diagnose', icon: Stethoscope, href: paths.server(server, 'diagnose') },
      ],
    },
    {
      title: 'Settings',
      items: [
        { label: 'Connect', icon: Cable, href: paths.server(server, 'connect') },
        { label: 'Compute + storage', icon: Cpu, href: paths.server(server, 'compute-storage') },
        { label: 'Networking', icon: Globe, href: paths.server(server, 'networking') },
        { label: 'Databases', icon: Database, href: paths.server(server, 'databases') },
        { label: 'Server parameters', icon: SlidersHorizontal, href: paths.server(server, 'server-parameters') },
        { label: 'High availability', icon: ShieldCheck, href: paths.server(server, 'high-availability') },
        { label: 'Maintenance', icon: Wrench, href: paths.server(server, 'maintenance') },
        { label: 'Locks', icon: LockKeyhole, href: paths.server(server, 'locks') },
        { label: 'Properties', icon: Info, href: paths.server(server, 'properties') },
      ],
    },
    {
      title: 'Monitoring',
      items: [
        { label: 'Metrics', icon: ChartLine, href: paths.server(server, 'metrics') },
        { label: 'Alerts', icon: BellRing, href: paths.server(server, 'alerts') },
        { label: 'Server logs', icon: FileText, href: paths.server(server, 'server-logs') },
        ...(hasLocalParts
          ? [{ label: 'Query insights', icon: Gauge, href: paths.server(server, 'query-insights') }]
          : []),
      ],
    },
  ];
}

/** The menu of one server around its blades: for the layout of `app/servers/[…]`. */
export function ServerFrame({ server, children }: { server: ServerKey; children: ReactNode }) {
  const hasLocalParts = useFlexdeckLocal(server.subscriptionId);
  return (
    <ResourceFrame name={server.serverName} groups={serverMenu(server, hasLocalParts)}>
      {children}
    </ResourceFrame>
  );
}
