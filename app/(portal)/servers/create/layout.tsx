import type { ReactNode } from 'react';
import { CreateDraftProvider } from '@/components/servers/create/create-draft';

export default function CreateLayout({ children }: { children: ReactNode }) {
  return <CreateDraftProvider>{children}</CreateDraftProvider>;
}
