import type { Metadata } from 'next';
import { CreateServer } from '@/components/servers/create/create-server';
import { createGroup, createServer } from './actions';

export const metadata: Metadata = { title: 'Create a server · Flexdeck' };

export default function CreateServerPage() {
  return <CreateServer actions={{ createServer, createGroup }} />;
}
