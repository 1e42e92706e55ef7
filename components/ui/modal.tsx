'use client';

import { X } from 'lucide-react';
import { Dialog as AriaDialog, Heading } from 'react-aria-components/Dialog';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import type { ReactNode } from 'react';
import { classNames } from './class-names';
import { IconButton } from './icon-button';

export interface DialogProps {
  isOpen: boolean;
  onClose: () => void;
  title: ReactNode;
  /** Buttons, the primary one first. */
  footer?: ReactNode;
  /** `alert` for what must be answered. */
  role?: 'dialog' | 'alertdialog';
  width?: 'narrow' | 'normal' | 'wide';
  children: ReactNode;
}

export interface SidePaneProps {
  isOpen: boolean;
  onClose: () => void;
  title: ReactNode;
  subtitle?: ReactNode;
  footer?: ReactNode;
  width?: 'normal' | 'wide';
  /** From the right, for forms and details; from the left, for the menu on phones. */
  side?: 'right' | 'left';
  children: ReactNode;
}

const overlayLook = 'fixed inset-0 z-50 h-(--visual-viewport-height) bg-scrim data-entering:animate-[fade-in_150ms]';
const dialogWidth = { narrow: 'sm:max-w-md', normal: 'sm:max-w-xl', wide: 'sm:max-w-4xl' };
const paneWidth = { normal: 'sm:max-w-[480px]', wide: 'sm:max-w-[760px]' };

/** The part of `Dialog` that is loaded on demand; use `Dialog`. */
export function DialogModal({
  isOpen,
  onClose,
  title,
  footer,
  role = 'dialog',
  width = 'normal',
  children,
}: DialogProps) {
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      isDismissable={role === 'dialog'}
      className={classNames(overlayLook, 'flex items-end justify-center sm:items-start sm:p-6 sm:pt-[12vh]')}
    >
      <Modal
        className={classNames(
          'flex max-h-full w-full flex-col rounded-t-xl border border-line bg-surface shadow-high data-entering:animate-[rise-in_180ms_ease-out] sm:rounded-xl',
          dialogWidth[width],
        )}
      >
        <AriaDialog role={role} className="flex min-h-0 flex-col outline-none">
          <header className="flex items-start gap-3 px-5 pt-4 pb-1">
            <Heading slot="title" className="min-w-0 flex-1 text-lg font-semibold">
              {title}
            </Heading>
            <IconButton icon={X} label="Close" onClick={onClose} className="-my-1 -mr-1.5 pointer-coarse:-my-2" />
          </header>
          <div className="min-h-0 overflow-y-auto px-5 py-2">{children}</div>
          {footer && <footer className="flex flex-wrap gap-2 px-5 pt-3 pb-5">{footer}</footer>}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

/** The part of `SidePane` that is loaded on demand; use `SidePane`. */
export function SidePaneModal({
  isOpen,
  onClose,
  title,
  subtitle,
  footer,
  width = 'normal',
  side = 'right',
  children,
}: SidePaneProps) {
  return (
    <ModalOverlay isOpen={isOpen} onOpenChange={(open) => !open && onClose()} isDismissable className={overlayLook}>
      <Modal
        className={classNames(
          'absolute inset-y-0 flex w-full flex-col bg-surface shadow-high',
          side === 'right'
            ? 'right-0 border-line data-entering:animate-[pane-in_180ms_ease-out] sm:border-l'
            : 'left-0 max-w-[280px] border-r border-line data-entering:animate-[drawer-in_180ms_ease-out]',
          side === 'right' && paneWidth[width],
        )}
      >
        <AriaDialog className="flex min-h-0 flex-1 flex-col outline-none">
          <header className="flex items-start gap-3 border-b border-line px-5 py-3">
            <div className="min-w-0 flex-1">
              <Heading slot="title" className="text-lg font-semibold [overflow-wrap:anywhere]">
                {title}
              </Heading>
              {subtitle && <p className="text-text-3 [overflow-wrap:anywhere]">{subtitle}</p>}
            </div>
            <IconButton icon={X} label="Close" onClick={onClose} className="-my-1 -mr-1.5 pointer-coarse:-my-2" />
          </header>
          <div className={classNames('min-h-0 flex-1 overflow-y-auto', side === 'right' && 'px-5 py-4')}>
            {children}
          </div>
          {footer && (
            <footer className="flex flex-wrap items-center gap-2 border-t border-line px-5 py-3">{footer}</footer>
          )}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
