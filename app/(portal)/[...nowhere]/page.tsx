import { notFound } from 'next/navigation';

/** Every address that leads nowhere, so that it is said inside the frame. */
export default function NowherePage() {
  notFound();
}
