'use client';

import type { ComponentProps } from 'react';
import { classNames } from './class-names';
import { linkLook } from './link';

/** A button that reads like a link: for small actions in running text ("Create new", "Generate"). */
export function TextButton({ className, ...rest }: ComponentProps<'button'>) {
  return <button type="button" {...rest} className={classNames('rounded-sm text-left', FINGER, linkLook, className)} />;
}

/** Fingers hit around the words as well. */
const FINGER =
  'pointer-coarse:relative pointer-coarse:after:absolute pointer-coarse:after:-inset-x-1 pointer-coarse:after:-inset-y-2.5';
