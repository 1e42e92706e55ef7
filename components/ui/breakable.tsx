import { Fragment } from 'react';

/** An id, a path, a name: where it has no room, it breaks behind its own marks. */
export function Breakable({ text }: { text: string }) {
  return text.split(/(?<=[-_./])/).map((part, index) => (
    // oxlint-disable-next-line react/no-array-index-key -- parts have no name, and never move
    <Fragment key={index}>
      {index > 0 && <wbr />}
      {part}
    </Fragment>
  ));
}
